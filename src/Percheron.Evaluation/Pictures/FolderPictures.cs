using System.Text.Json;

namespace Percheron.Evaluation.Pictures;

/// <summary>
/// A folder of PNG and JPEG files with captions: <c>NAME.txt</c> beside each, or one <c>captions.jsonl</c> of lines <c>{"file": "NAME.png", "text": "…"}</c>. Pictures without a caption are left out; one in twenty is held
/// out, by its name. Each is read when it is asked for, and its middle made a square of the size wanted.
/// </summary>
public sealed class FolderPictures : IPictureSet
{
    private const uint HeldOutOf = 20;
    private const int LongestCaption = 2000;

    private readonly List<(string Path, string Caption)> _train = [], _heldOut = [];
    private readonly int _side;

    /// <param name="folder">The folder.</param>
    /// <param name="side">Pixels of a picture in both directions.</param>
    /// <exception cref="InvalidDataException">There are too few pictures with captions, or the captions are damaged.</exception>
    public FolderPictures(string folder, int side = 64)
    {
        if (!Directory.Exists(folder)) throw new InvalidDataException($"There is no folder '{folder}'.");
        _side = side;
        Dictionary<string, string> captions = Captions(Path.Combine(folder, "captions.jsonl"));
        foreach (string path in Directory.GetFiles(folder).Where(IsPicture).Order(StringComparer.Ordinal))
        {
            string text = Path.ChangeExtension(path, ".txt"), name = Path.GetFileName(path);
            if (!captions.TryGetValue(name, out string? caption) && File.Exists(text)) caption = File.ReadAllText(text);
            if (string.IsNullOrWhiteSpace(caption)) continue;
            caption = caption.Trim();
            (IsHeldOut(name) ? _heldOut : _train).Add((path, caption.Length > LongestCaption ? caption[..LongestCaption] : caption));
        }
        // A few pictures may all fall on one side.
        if (_heldOut.Count == 0 && _train.Count > 1)
        {
            _heldOut.Add(_train[^1]);
            _train.RemoveAt(_train.Count - 1);
        }
        if (_train.Count == 0 || _heldOut.Count == 0) throw new InvalidDataException($"'{folder}' needs at least two pictures (PNG or JPEG) with captions, as NAME.txt beside them or in captions.jsonl.");
    }

    /// <inheritdoc/>
    public string Description => $"{_train.Count + _heldOut.Count} pictures of a folder, {_heldOut.Count} of them held out";

    /// <inheritdoc/>
    public string License => "other";

    /// <inheritdoc/>
    public long TrainCount => _train.Count;

    /// <inheritdoc/>
    public long HeldOutCount => _heldOut.Count;

    /// <inheritdoc/>
    public CaptionedPicture Train(long index) => Read(_train[(int)index]);

    /// <inheritdoc/>
    public CaptionedPicture HeldOut(long index) => Read(_heldOut[(int)index]);

    private CaptionedPicture Read((string Path, string Caption) one) => new(PictureFile.Square(PictureFile.Read(one.Path), _side), one.Caption);

    private static bool IsPicture(string path) => Path.GetExtension(path).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg";

    private static bool IsHeldOut(string name)
    {
        uint hash = 2166136261;
        foreach (char c in name) hash = unchecked((hash ^ c) * 16777619);
        return (hash ^ (hash >> 15)) % HeldOutOf == 0;
    }

    private static Dictionary<string, string> Captions(string path)
    {
        var captions = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path)) return captions;
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                using JsonDocument entry = JsonDocument.Parse(line);
                captions[entry.RootElement.GetProperty("file").GetString() ?? ""] = entry.RootElement.GetProperty("text").GetString() ?? "";
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new InvalidDataException($"'{path}', line {number}: expected {{\"file\": \"NAME.png\", \"text\": \"caption\"}}.", error);
            }
        }
        return captions;
    }
}
