using Percheron.Formats;

namespace Percheron.Codecs;

/// <summary>
/// Where the codes of a picture or of speech stand in a model's vocabulary: code c of book k has the id <see cref="First"/> + k · <see cref="Count"/> + c. Below them stand the tokens of the condition (text, voices)
/// and two special ones, <see cref="Begin"/> and <see cref="Blank"/>; id 0 ends and begins documents.
/// </summary>
/// <remarks>A document is 0, the condition, <see cref="Begin"/>, the codes. A file states its layout in keys that begin with <c>percheron.codes.</c></remarks>
public sealed record CodeLayout
{
    private const string Prefix = "percheron.codes.";

    /// <summary>The kind of a layout for pictures.</summary>
    public const string Image = "image";

    /// <summary>The kind of a layout for speech.</summary>
    public const string Speech = "speech";

    /// <summary>What the codes are of, <see cref="Image"/> or <see cref="Speech"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Id of the first code of the first book.</summary>
    public required int First { get; init; }

    /// <summary>Codes of a book.</summary>
    public required int Count { get; init; }

    /// <summary>Codebooks: 1 for pictures; for speech those of the residual quantizer.</summary>
    public int Books { get; init; } = 1;

    /// <summary>Id of the token that ends the condition and begins the codes.</summary>
    public required int Begin { get; init; }

    /// <summary>Id of the token that stands in place of every token of the condition where a model is asked without it.</summary>
    public required int Blank { get; init; }

    /// <summary>Codes of a row of a picture; 0 for speech.</summary>
    public int Width { get; init; }

    /// <summary>Rows of a picture; 0 for speech.</summary>
    public int Height { get; init; }

    /// <summary>Scale of classifier-free guidance that suits the model; 1 is none.</summary>
    public float Guidance { get; init; } = 1;

    /// <summary>Id behind the last code.</summary>
    public int End => First + (Books * Count);

    /// <summary>The id of a code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such book or code.</exception>
    public int Token(int book, int code)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(book);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(book, Books);
        ArgumentOutOfRangeException.ThrowIfNegative(code);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(code, Count);
        return First + (book * Count) + code;
    }

    /// <summary>Whether an id is a code of any book.</summary>
    public bool IsCode(int token) => token >= First && token < End;

    /// <summary>Whether an id belongs to the condition, and is read as <see cref="Blank"/> where a model is asked without one; the end of text is kept.</summary>
    public bool IsCondition(int token) => token > 0 && token < First && token != Begin;

    /// <summary>Book and number of a code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is no code.</exception>
    public (int Book, int Code) Code(int token) => IsCode(token) ? Math.DivRem(token - First, Count) : throw new ArgumentOutOfRangeException(nameof(token), token, "The token is no code.");

    /// <summary>The layout that a model's file states; null for a model of text alone.</summary>
    /// <exception cref="ModelFormatException">The file states one that is not possible.</exception>
    public static CodeLayout? Read(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!file.Metadata.TryGetValue(Prefix + "kind", out GgufValue? stated)) return null;
        int Number(string key, int? otherwise = null)
        {
            if (!file.Metadata.TryGetValue(Prefix + key, out GgufValue? value)) return otherwise ?? throw file.Fault(Prefix + "kind", $"states the kind of its codes, but no '{Prefix}{key}'");
            return value.TryInteger(out int number) ? number : throw file.Fault(Prefix + key, $"'{Prefix}{key}' is no number");
        }
        if (!stated.TryString(out string kind) || kind is not (Image or Speech)) throw file.Fault(Prefix + "kind", $"'{Prefix}kind' is neither '{Image}' nor '{Speech}'");
        double guidance = 1;
        if (file.Metadata.TryGetValue(Prefix + "guidance", out GgufValue? scale) && !scale.TryFloat(out guidance)) throw file.Fault(Prefix + "guidance", $"'{Prefix}guidance' is no number");
        var layout = new CodeLayout
        {
            Kind = kind, First = Number("first"), Count = Number("count"), Books = Number("books", 1), Begin = Number("begin"), Blank = Number("blank"),
            Width = Number("width", 0), Height = Number("height", 0), Guidance = (float)guidance,
        };
        return layout.Problem() is { } problem ? throw file.Fault(Prefix + "kind", problem) : layout;
    }

    /// <summary>Adds the layout to a model's file.</summary>
    public void Write(GgufWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Add(Prefix + "kind", Kind);
        foreach ((string key, int value) in new[] { ("first", First), ("count", Count), ("books", Books), ("begin", Begin), ("blank", Blank), ("width", Width), ("height", Height) })
            writer.Add(Prefix + key, (uint)value);
        writer.Add(Prefix + "guidance", Guidance);
    }

    /// <summary>What is not possible about the layout; null if nothing is. Sizes are bounded so that nothing overflows that is computed from them.</summary>
    public string? Problem()
    {
        const int Most = 1 << 24;
        if (First is < 1 or > Most || Count is < 1 or > Most || Books is < 1 or > 64 || (long)Books * Count > Most) return $"codes of {Books} books of {Count}, the first with id {First}, are not possible";
        if (Begin < 1 || Begin >= First || Blank < 1 || Blank >= First || Begin == Blank) return $"the special tokens {Begin} and {Blank} do not stand below the first code, {First}";
        if (Kind == Image && (Width is < 1 or > 4096 || Height is < 1 or > 4096 || Books != 1)) return $"a picture of {Width} × {Height} codes of {Books} books is not possible";
        if (Kind == Speech && (Width != 0 || Height != 0)) return "speech has no grid";
        return float.IsFinite(Guidance) && Guidance >= 0 ? null : $"a guidance of {Guidance} is not possible";
    }
}
