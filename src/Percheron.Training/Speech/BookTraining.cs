using System.Numerics.Tensors;
using Percheron.Codecs.Speech;
using Percheron.Formats;
using Percheron.Training.Corpus;

namespace Percheron.Training.Speech;

/// <summary>
/// Learns the books of a residual quantizer: k-means book after book on what is left, then all books together by coding every frame anew and moving each codeword to the mean of
/// what it stands for. One pass over the data is one step; after any of them the run can be left and gone on with.
/// Source: Lloyd (1982); Arthur and Vassilvitskii, "k-means++" (2007); Zeghidour et al., arXiv 2107.03312, for the residual books.
/// </summary>
public sealed class BookTraining
{
    private const string StepKey = "training.step", SeedKey = "training.seed", WordsName = "words", ErrorName = "error";
    private readonly FrameData _data;
    private readonly CodecRecipe _recipe;
    private readonly ulong _seed;
    private readonly int _codes;
    private readonly float[] _words;
    private readonly float[] _left;
    private int _leftBook = -1;

    /// <param name="data">What is to be coded.</param>
    /// <param name="recipe">How many books, codes and passes.</param>
    /// <param name="seed">Seed of the first codewords.</param>
    public BookTraining(FrameData data, CodecRecipe recipe, ulong seed)
    {
        if (data.Count < recipe.Count) throw new InvalidDataException($"{data.Count} frames are too few for {recipe.Count} codes");
        (_data, _recipe, _seed, _codes) = (data, recipe, seed, recipe.Count - 1);
        (_words, _left) = (new float[recipe.Books * _codes * data.Width], new float[data.Vectors.Length]);
    }

    /// <summary>Passes done.</summary>
    public int Step { get; private set; }

    /// <summary>Frames of a pass.</summary>
    public int Frames => _data.Count;

    /// <summary>Mean squared error of a number of a frame in the last pass, before codewords moved; a frame's own variance is about 1.</summary>
    public double Error { get; private set; } = double.NaN;

    /// <summary>The books as they are.</summary>
    public ResidualQuantizer Quantizer => new(_data.Width, _recipe.Books, [.. _words]);

    /// <summary>One pass over the data.</summary>
    public void Pass()
    {
        if (Step < _recipe.Books * _recipe.Rounds) PassOfOne(Step / _recipe.Rounds, Step % _recipe.Rounds == 0);
        else PassOfAll();
        Step++;
    }

    /// <summary>Keeps the run in a file, replaced in one move.</summary>
    public void Save(string path)
    {
        var writer = new GgufWriter();
        writer.Add(StepKey, (uint)Step);
        writer.Add(SeedKey, _seed);
        writer.AddTensor(WordsName, TensorType.F32, [_words.Length], _words);
        writer.AddTensor(ErrorName, TensorType.F32, [1], (float[])[(float)Error]);
        writer.Write(path);
    }

    /// <summary>Goes on from a file <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file belongs to another run.</exception>
    public void Load(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        if (!(file.Metadata.TryGetValue(StepKey, out GgufValue? step) && step.TryInteger(out int number) && file.Metadata.TryGetValue(SeedKey, out GgufValue? seed) && seed.TryInteger(out ulong own) && own == _seed
            && file.TryGetTensor(WordsName, out TensorInfo? words) && words.Elements == _words.Length && number >= 0 && number <= _recipe.Steps))
            throw new InvalidDataException($"'{path}' belongs to another run; start without --resume");
        file.ReadFloats(words).CopyTo(_words, 0);
        (Step, Error, _leftBook) = (number, file.ReadFloats(file.Tensor(ErrorName))[0], -1);
    }

    private Span<float> Word(int book, int code) => _words.AsSpan(((book * _codes) + code) * _data.Width, _data.Width);

    private ReadOnlySpan<float> Left(int frame) => _left.AsSpan(frame * _data.Width, _data.Width);

    private void PassOfOne(int book, bool first)
    {
        if (_leftBook != book) TakeOff(book);
        if (first) Seed(book);
        int width = _data.Width;
        float[] squares = [.. Enumerable.Range(0, _codes).Select(code => TensorPrimitives.SumOfSquares<float>(Word(book, code)))];
        double[] sums = new double[_codes * width];
        int[] members = new int[_codes];
        double error = 0, farthest = -1;
        int worst = 0;
        for (int t = 0; t < _data.Count; t++)
        {
            ReadOnlySpan<float> vector = Left(t);
            int code = Nearest(vector, book, squares, out double distance);
            error += distance;
            if (distance > farthest) (farthest, worst) = (distance, t);
            members[code]++;
            for (int i = 0; i < width; i++) sums[(code * width) + i] += vector[i];
        }
        Error = error / _data.Vectors.Length;
        Move(book, sums, members);
        // A codeword that nothing is near takes the frame that was farthest from all.
        if (Array.IndexOf(members, 0) is >= 0 and var empty) Left(worst).CopyTo(Word(book, empty));
    }

    private void PassOfAll()
    {
        var quantizer = new ResidualQuantizer(_data.Width, _recipe.Books, _words);
        int width = _data.Width;
        double[][] sums = [.. Enumerable.Range(0, _recipe.Books).Select(_ => new double[_codes * width])];
        int[][] members = [.. Enumerable.Range(0, _recipe.Books).Select(_ => new int[_codes])];
        int[] codes = new int[_recipe.Books];
        float[] rest = new float[width];
        double error = 0;
        for (int t = 0; t < _data.Count; t++)
        {
            error += quantizer.Encode(_data.Vector(t), codes, _recipe.Paths);
            _data.Vector(t).CopyTo(rest);
            for (int book = 0; book < codes.Length; book++) TensorPrimitives.Subtract(rest, Word(book, codes[book]), rest);
            for (int book = 0; book < codes.Length; book++)
            {
                ReadOnlySpan<float> word = Word(book, codes[book]);
                members[book][codes[book]]++;
                Span<double> sum = sums[book].AsSpan(codes[book] * width, width);
                for (int i = 0; i < width; i++) sum[i] += rest[i] + word[i];
            }
        }
        Error = error / _data.Vectors.Length;
        // All at once would correct each error once for every book.
        int turn = Step % _recipe.Books;
        Move(turn, sums[turn], members[turn]);
    }

    private void Move(int book, double[] sums, int[] members)
    {
        for (int code = 0; code < _codes; code++)
        {
            if (members[code] == 0) continue;
            Span<float> word = Word(book, code);
            for (int i = 0; i < word.Length; i++) word[i] = (float)(sums[(code * word.Length) + i] / members[code]);
        }
    }

    private int Nearest(ReadOnlySpan<float> vector, int book, float[] squares, out double distance)
    {
        float best = float.PositiveInfinity;
        int nearest = 0;
        for (int code = 0; code < _codes; code++)
        {
            float apart = squares[code] - (2 * TensorPrimitives.Dot(vector, Word(book, code)));
            if (apart < best) (best, nearest) = (apart, code);
        }
        distance = Math.Max(0, best + TensorPrimitives.SumOfSquares(vector));
        return nearest;
    }

    // What the books before leave over.
    private void TakeOff(int book)
    {
        _data.Vectors.CopyTo(_left, 0);
        for (int earlier = 0; earlier < book; earlier++)
        {
            float[] squares = [.. Enumerable.Range(0, _codes).Select(code => TensorPrimitives.SumOfSquares<float>(Word(earlier, code)))];
            for (int t = 0; t < _data.Count; t++)
            {
                Span<float> vector = _left.AsSpan(t * _data.Width, _data.Width);
                TensorPrimitives.Subtract(vector, Word(earlier, Nearest(vector, earlier, squares, out _)), vector);
            }
        }
        _leftBook = book;
    }

    // k-means++: each first codeword is a frame, drawn by its squared distance from those chosen before.
    private void Seed(int book)
    {
        ulong state = _seed + ((ulong)book << 32);
        float[] apart = new float[_data.Count];
        Array.Fill(apart, float.PositiveInfinity);
        int chosen = (int)(SplitMix.Next(ref state) % (ulong)_data.Count);
        for (int code = 0; ; code++)
        {
            Left(chosen).CopyTo(Word(book, code));
            if (code == _codes - 1) return;
            double total = 0;
            for (int t = 0; t < apart.Length; t++)
            {
                float distance = TensorPrimitives.Distance(Left(t), Word(book, code));
                apart[t] = Math.Min(apart[t], distance * distance);
                total += apart[t];
            }
            double point = (SplitMix.Next(ref state) >> 11) * (1.0 / (1ul << 53)) * total;
            for (chosen = 0; chosen < apart.Length - 1 && point >= apart[chosen]; chosen++) point -= apart[chosen];
        }
    }
}
