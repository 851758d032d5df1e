using Percheron.Formats;

namespace Percheron.Verifiers;

/// <summary>A vector for every token, or for a range of them: the codebooks of a codec, or a model's embeddings. Says which tokens mean nearly the same.</summary>
/// <param name="count">Number of tokens that have one.</param>
/// <param name="width">Floats of one vector.</param>
/// <param name="read">Writes a vector by its number [width].</param>
public sealed class TokenVectors(int count, int width, TokenVectors.Reader read)
{
    /// <summary>Writes vector <paramref name="index"/> into <paramref name="vector"/>.</summary>
    public delegate void Reader(int index, Span<float> vector);

    /// <summary>Number of tokens that have a vector.</summary>
    public int Count => count;

    /// <summary>The first token that has one.</summary>
    public int First { get; init; }

    /// <summary>Vectors of one book: only tokens of the same book can be compared. All are one book unless it is set.</summary>
    public int Book { get; init; } = Math.Max(1, count);

    /// <summary>Tokens of one book; those behind its vectors, such as one that stands for no code, have none.</summary>
    public int Stride { get => field > 0 ? field : Book; init; }

    /// <summary>Floats of one vector.</summary>
    public int Width => width;

    /// <summary>Writes vector <paramref name="index"/> into <paramref name="vector"/> [Width].</summary>
    public void Read(int index, Span<float> vector) => read(index, vector);

    /// <summary>Number of the vector of a token, or −1.</summary>
    public int IndexOf(int token)
    {
        if (token < First) return -1;
        (int book, int code) = Math.DivRem(token - First, Stride);
        return code < Book && book < (count + Book - 1) / Book && (book * Book) + code < count ? (book * Book) + code : -1;
    }

    /// <summary>The token that has a vector.</summary>
    public int TokenOf(int index) => First + (index / Book * Stride) + (index % Book);

    /// <summary>The vectors that a vector can be compared with, itself among them, as the first and how many.</summary>
    public (int First, int Count) BookOf(int index)
    {
        int first = index / Book * Book;
        return (first, Math.Min(Book, count - first));
    }

    /// <summary>Reads a codec's books from its GGUF file, or a safetensors file that holds one matrix, [tokens, width].</summary>
    /// <param name="path">The file.</param>
    /// <param name="first">The token that is the first code of the first book; a matrix begins with token 0.</param>
    /// <param name="stride">Tokens of each book; 0 where they are as many as it has vectors.</param>
    /// <exception cref="ModelFormatException">The file is damaged, or holds anything else.</exception>
    public static TokenVectors Open(string path, int first = 0, int stride = 0)
    {
        if (IsGguf(path)) return OfBooks(path, first, stride);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Tensors is not [{ Shape.Length: 2 } tensor]) throw new ModelFormatException(path, 0, "a table of token vectors must hold one matrix [tokens, width] and nothing else");
        float[] values = file.ReadFloats(tensor);
        int columns = (int)tensor.Columns;
        return new TokenVectors((int)tensor.Rows, columns, (token, vector) => values.AsSpan(token * columns, columns).CopyTo(vector));
    }

    // A codec's books are one tensor, [books, codes, width], or [codes, width] where there is one.
    private static TokenVectors OfBooks(string path, int first, int stride)
    {
        using GgufFile file = GgufFile.Open(path);
        if (!file.TryGetTensor("codebooks", out TensorInfo? tensor) && !file.TryGetTensor("codebook.weight", out tensor)) throw new ModelFormatException(path, 0, "the file holds no codebooks (a tensor 'codebooks' or 'codebook.weight'): it is no codec whose codes could be compared");
        float[] values = file.ReadFloats(tensor);
        int columns = (int)tensor.Columns, book = tensor.Dimensions.Length > 1 ? (int)tensor.Dimensions[1] : 1;
        if (stride > 0 && stride < book) throw file.Fault(tensor, $"the codec has {book} codes in a book, and the model only {stride}");
        return new TokenVectors(values.Length / columns, columns, (index, vector) => values.AsSpan(index * columns, columns).CopyTo(vector)) { First = first, Book = book, Stride = stride };
    }

    private static bool IsGguf(string path)
    {
        if (!File.Exists(path)) return false;
        using FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        return file.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("GGUF"u8);
    }
}
