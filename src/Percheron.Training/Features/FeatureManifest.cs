using System.Security.Cryptography;
using System.Text.Json;

namespace Percheron.Training.Features;

/// <summary>What a folder of captured states holds and how it was made: capturing again with the same answers goes on where it stopped, with others it is refused.</summary>
/// <param name="Model">The target's file name.</param>
/// <param name="Digest">SHA-256 of that file, in hexadecimal.</param>
/// <param name="States">Numbers of the states, ascending.</param>
/// <param name="Width">Size of a state.</param>
/// <param name="Length">Inputs of a row; it has one token more.</param>
/// <param name="Rows">Training rows.</param>
/// <param name="HeldOutRows">Held-out rows.</param>
/// <param name="RowsPerChunk">Rows of one file.</param>
/// <param name="Data">Whose text.</param>
/// <param name="Seed">Seed of the order of documents and of what was drawn.</param>
public sealed record FeatureManifest(string Model, string Digest, IReadOnlyList<int> States, int Width, int Length, int Rows, int HeldOutRows, int RowsPerChunk, FeatureData Data, ulong Seed)
{
    private const string Name = "features.json";

    /// <summary>Bytes of one row in a chunk: its tokens, whether its documents are apart, and F16 states.</summary>
    public long RowBytes => sizeof(int) * (Length + 2L) + 2L * States.Count * Length * Width;

    /// <summary>Bytes of everything.</summary>
    public long Bytes => (Rows + HeldOutRows) * RowBytes;

    /// <summary>The chunk that holds a row; each split has files of its own.</summary>
    public string Chunk(string folder, bool heldOut, int row) => Path.Combine(folder, $"{(heldOut ? "held-out" : "train")}-{row / RowsPerChunk:00000}.chunk");

    /// <summary>Whether the target wrote the text of a row itself.</summary>
    public static bool IsWritten(FeatureData data, long row) => data == FeatureData.Teacher || (data == FeatureData.Mixed && (row & 2) != 0);

    /// <summary>SHA-256 of a file, in hexadecimal.</summary>
    public static string DigestOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>The manifest of a folder; null if it has none.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static FeatureManifest? Load(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<FeatureManifest>(File.ReadAllText(path));
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"'{path}' is damaged; delete the folder and capture again.");
        }
    }

    /// <summary>Writes it in one move.</summary>
    public void Save(string folder)
    {
        string path = Path.Combine(folder, Name), partial = path + ".partial";
        File.WriteAllText(partial, JsonSerializer.Serialize(this));
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Whether another describes the same files.</summary>
    public bool Same(FeatureManifest other) => JsonSerializer.Serialize(this) == JsonSerializer.Serialize(other);
}
