using System.Numerics.Tensors;

namespace Percheron.Codecs.Speech;

/// <summary>
/// Vectors as sums of one codeword of every book, each book for what the ones before it left over.
/// Source: Zeghidour et al., "SoundStream", arXiv 2107.03312, section III-C; several paths are kept on the way (beam search), so that a book may choose what suits the next ones.
/// </summary>
public sealed class ResidualQuantizer
{
    private readonly float[] _words, _squares;

    /// <param name="width">Numbers of a vector.</param>
    /// <param name="books">Number of books.</param>
    /// <param name="words">Codewords, [books, codes, width]; kept, not copied.</param>
    /// <exception cref="ArgumentException">The codewords do not divide into books.</exception>
    public ResidualQuantizer(int width, int books, float[] words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(books, 1);
        if (words.Length == 0 || words.Length % ((long)width * books) != 0) throw new ArgumentException($"{words.Length} numbers do not divide into {books} books of vectors of {width}", nameof(words));
        (Width, Books, _words) = (width, books, words);
        Codes = words.Length / width / books;
        _squares = new float[books * Codes];
        for (int i = 0; i < _squares.Length; i++) _squares[i] = TensorPrimitives.SumOfSquares(Word(i));
    }

    /// <summary>Numbers of a vector.</summary>
    public int Width { get; }

    /// <summary>Number of books.</summary>
    public int Books { get; }

    /// <summary>Codewords of a book.</summary>
    public int Codes { get; }

    /// <summary>A codeword [Width].</summary>
    public ReadOnlySpan<float> Word(int book, int code) => Word((book * Codes) + code);

    /// <summary>Finds the codes of a vector.</summary>
    /// <param name="vector">[Width]</param>
    /// <param name="codes">[Books]</param>
    /// <param name="paths">Partial sums that are kept after every book; 1 takes the nearest codeword each time.</param>
    /// <returns>Squared distance of the sum from the vector.</returns>
    public float Encode(ReadOnlySpan<float> vector, Span<int> codes, int paths = 1)
    {
        List<Path> kept = [new Path([], vector.ToArray(), TensorPrimitives.SumOfSquares(vector))];
        var found = new PriorityQueue<(Path From, int Code), (float, int)>();
        for (int book = 0; book < Books; book++)
        {
            found.Clear();
            for (int from = 0; from < kept.Count; from++) Extend(kept[from], from, book, paths, found);
            List<Path> next = [];
            // The worst comes first.
            while (found.TryDequeue(out (Path From, int Code) step, out _)) next.Add(step.From.Then(step.Code, Word(book, step.Code)));
            next.Reverse();
            kept = next;
        }
        kept[0].Codes.CopyTo(codes);
        return kept[0].Error;
    }

    /// <summary>Adds a codeword to a sum [Width].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such book or code.</exception>
    public void Add(int book, int code, Span<float> sum)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)book, (uint)Books, nameof(book));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)code, (uint)Codes, nameof(code));
        TensorPrimitives.Add(sum, Word(book, code), sum);
    }

    private ReadOnlySpan<float> Word(int index) => _words.AsSpan(index * Width, Width);

    private void Extend(Path path, int order, int book, int paths, PriorityQueue<(Path, int), (float, int)> found)
    {
        for (int code = 0; code < Codes; code++)
        {
            float error = path.Error + _squares[(book * Codes) + code] - (2 * TensorPrimitives.Dot(path.Rest, Word(book, code)));
            // Equally near ones in the order in which they were found: the later one leaves first.
            (float, int) priority = (-error, -((order * Codes) + code));
            if (found.Count < paths) found.Enqueue((path, code), priority);
            else if (found.TryPeek(out _, out (float, int) worst) && priority.CompareTo(worst) > 0) found.EnqueueDequeue((path, code), priority);
        }
    }

    private sealed record Path(int[] Codes, float[] Rest, float Error)
    {
        public Path Then(int code, ReadOnlySpan<float> word)
        {
            float[] rest = new float[Rest.Length];
            TensorPrimitives.Subtract(Rest, word, rest);
            return new Path([.. Codes, code], rest, TensorPrimitives.SumOfSquares(rest));
        }
    }
}
