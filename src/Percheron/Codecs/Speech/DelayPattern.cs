namespace Percheron.Codecs.Speech;

/// <summary>
/// The order in which a model says the codes of several books: step after step one code of every book, book k one step behind book k - 1, so that at step s it has the code of
/// frame s - k. Where a frame is not there yet or no more, the last code of the book says so.
/// Source: Copet et al., "Simple and Controllable Music Generation", arXiv 2306.05284, section 2.2.
/// </summary>
/// <param name="books">Number of books.</param>
/// <param name="count">Codes of a book; the last one says that there is no frame.</param>
public sealed class DelayPattern(int books, int count)
{
    private readonly int _nothing = count - 1;

    /// <summary>Number of books: the place of a code in the stream, modulo this, is its book.</summary>
    public int Books => books;

    /// <summary>Codes of the stream of so many frames.</summary>
    public int Length(int frames) => (frames + books - 1) * books;

    /// <summary>Codes [frames, books] in the order of the stream, [steps, books].</summary>
    /// <exception cref="ArgumentException">The codes are not whole frames.</exception>
    public int[] Weave(ReadOnlySpan<int> codes)
    {
        if (codes.Length % books != 0) throw new ArgumentException($"{codes.Length} codes are not whole frames of {books}", nameof(codes));
        int frames = codes.Length / books;
        if (frames == 0) return [];
        int[] stream = new int[Length(frames)];
        for (int i = 0; i < stream.Length; i++)
        {
            int book = i % books, frame = (i / books) - book;
            stream[i] = (uint)frame < (uint)frames ? codes[(frame * books) + book] : _nothing;
        }
        return stream;
    }

    /// <summary>
    /// The codes [frames, books] of a stream, which may end anywhere and hold anything: frames go on until book 0 says that there is none, and what other books do not say, or
    /// say against it, is "nothing".
    /// </summary>
    public int[] Unweave(ReadOnlySpan<int> stream)
    {
        int frames = 0;
        // Book 0 is never late, so the first time it says nothing all frames have begun.
        while (frames * books < stream.Length && (uint)stream[frames * books] < (uint)_nothing) frames++;
        int[] codes = new int[frames * books];
        for (int i = 0; i < codes.Length; i++)
        {
            int book = i % books, at = (((i / books) + book) * books) + book;
            codes[i] = at < stream.Length && (uint)stream[at] < (uint)_nothing ? stream[at] : _nothing;
        }
        return codes;
    }

    /// <summary>Codes in the order of the stream as tokens of a vocabulary.</summary>
    public int[] ToTokens(ReadOnlySpan<int> codes, CodeLayout layout)
    {
        int[] tokens = Weave(codes);
        for (int i = 0; i < tokens.Length; i++) tokens[i] = layout.Token(i % books, tokens[i]);
        return tokens;
    }

    /// <summary>The codes [frames, books] of what a model said behind Begin: up to the first token that is no code of the book whose turn it is.</summary>
    public int[] FromTokens(ReadOnlySpan<int> tokens, CodeLayout layout)
    {
        int length = 0;
        int[] stream = new int[tokens.Length];
        for (; length < tokens.Length; length++)
        {
            int code = tokens[length] - layout.First - (length % books * layout.Count);
            if ((uint)code >= (uint)layout.Count) break;
            stream[length] = code;
        }
        return Unweave(stream.AsSpan(0, length));
    }
}
