using Percheron.Formats;

namespace Percheron.Verifiers;

/// <summary>A vector for every token: the codebook of an image or speech tokenizer, or a model's embeddings. Says which tokens mean nearly the same.</summary>
/// <param name="count">Number of tokens.</param>
/// <param name="width">Floats of one vector.</param>
/// <param name="read">Writes the vector of a token [width].</param>
public sealed class TokenVectors(int count, int width, TokenVectors.Reader read)
{
    /// <summary>Writes the vector of <paramref name="token"/> into <paramref name="vector"/>.</summary>
    public delegate void Reader(int token, Span<float> vector);

    /// <summary>Number of tokens.</summary>
    public int Count => count;

    /// <summary>Floats of one vector.</summary>
    public int Width => width;

    /// <summary>Writes the vector of <paramref name="token"/> into <paramref name="vector"/> [Width].</summary>
    public void Read(int token, Span<float> vector) => read(token, vector);

    /// <summary>Reads a safetensors file that holds one matrix, [tokens, width].</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or holds anything else than one matrix.</exception>
    public static TokenVectors Open(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Tensors is not [{ Shape.Length: 2 } tensor]) throw new ModelFormatException(path, 0, "a table of token vectors must hold one matrix [tokens, width] and nothing else");
        float[] values = file.ReadFloats(tensor);
        int columns = (int)tensor.Columns;
        return new TokenVectors((int)tensor.Rows, columns, (token, vector) => values.AsSpan(token * columns, columns).CopyTo(vector));
    }
}
