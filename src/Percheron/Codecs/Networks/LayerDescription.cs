using System.Globalization;

namespace Percheron.Codecs.Networks;

/// <summary>
/// One layer as a file describes it: <c>conv 64 kernel=3 stride=2 padding=1 dilation=1</c>, <c>linear 10</c>, <c>embedding 64 tokens=512</c>, <c>groupnorm 8</c>, <c>upsample 2</c>, <c>shuffle 2</c>,
/// <c>residual</c> … <c>end</c>, or a kind without numbers. Two numbers as <c>1x3</c> are rows and columns.
/// </summary>
public sealed record LayerDescription
{
    private const int MostPlaces = 64, MostChannels = 1 << 16;

    /// <summary>What it does.</summary>
    public required LayerKind Kind { get; init; }

    /// <summary>Channels that come out, or groups of a norm; 0 where the kind has no such number.</summary>
    public int Size { get; init; }

    /// <summary>Ids an embedding knows.</summary>
    public int Tokens { get; init; }

    /// <summary>Rows and columns of the kernel, or by how much positions multiply.</summary>
    public (int Down, int Across) Kernel { get; init; } = (1, 1);

    /// <summary>Positions from one output to the next.</summary>
    public (int Down, int Across) Stride { get; init; } = (1, 1);

    /// <summary>Zeros around the input.</summary>
    public (int Down, int Across) Padding { get; init; }

    /// <summary>Positions from one element of the kernel to the next.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Whether it is a convolution, a product over channels being one of kernel 1.</summary>
    internal bool IsProduct => Kind is LayerKind.Conv or LayerKind.Linear;

    /// <summary>Reads a description.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static LayerDescription Parse(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words.Length > 8 || !Enum.TryParse(words[0], ignoreCase: true, out LayerKind kind) || !char.IsLetter(words[0][0])) throw new FormatException($"'{text}' names no known kind of layer");
        var layer = new LayerDescription { Kind = kind };
        int at = 1;
        switch (kind)
        {
            case LayerKind.Conv or LayerKind.Linear or LayerKind.Embedding or LayerKind.GroupNorm: layer = layer with { Size = Number(words, at++, text, MostChannels) }; break;
            case LayerKind.Upsample or LayerKind.Shuffle: layer = layer with { Kernel = Pair(words.ElementAtOrDefault(at++) ?? "", text, least: 1) }; break;
        }
        for (; at < words.Length; at++) layer = layer.With(words[at], text);
        if (kind == LayerKind.Embedding && layer.Tokens == 0) throw new FormatException($"'{text}' does not say how many tokens there are");
        return layer;
    }

    /// <summary>The shape that comes out where this one goes in.</summary>
    /// <exception cref="FormatException">The layer cannot take it.</exception>
    public LayerShape After(LayerShape input)
    {
        LayerShape output = Kind switch
        {
            LayerKind.Conv => new LayerShape(Size, Places(input.Height, Kernel.Down, Stride.Down, Padding.Down), Places(input.Width, Kernel.Across, Stride.Across, Padding.Across)),
            LayerKind.Linear or LayerKind.Embedding => input with { Channels = Size },
            LayerKind.Upsample => input with { Height = checked(input.Height * Kernel.Down), Width = checked(input.Width * Kernel.Across) },
            LayerKind.Shuffle => new LayerShape(Exact(input.Channels, Kernel.Down * Kernel.Across), checked(input.Height * Kernel.Down), checked(input.Width * Kernel.Across)),
            LayerKind.Pool => new LayerShape(input.Channels, 1, 1),
            LayerKind.Flatten => new LayerShape((int)Math.Min(int.MaxValue, input.Count), 1, 1),
            _ => input,
        };
        if (Kind == LayerKind.GroupNorm) Exact(input.Channels, Size);
        if (output.Channels < 1 || output.Height < 1 || output.Width < 1 || output.Count > LayerPlan.MostActivations) throw new FormatException($"'{this}' makes {output} of {input}, which is not possible");
        return output;
    }

    /// <summary>The description as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        string text = Kind.ToString().ToLowerInvariant();
        if (Size > 0) text += string.Create(CultureInfo.InvariantCulture, $" {Size}");
        if (Tokens > 0) text += string.Create(CultureInfo.InvariantCulture, $" tokens={Tokens}");
        if (Kind is LayerKind.Upsample or LayerKind.Shuffle) text += $" {Pair(Kernel)}";
        if (Kind != LayerKind.Conv) return text;
        text += $" kernel={Pair(Kernel)}";
        if (Stride != (1, 1)) text += $" stride={Pair(Stride)}";
        if (Padding != (0, 0)) text += $" padding={Pair(Padding)}";
        return Dilation == 1 ? text : text + string.Create(CultureInfo.InvariantCulture, $" dilation={Dilation}");
    }

    private static string Pair((int Down, int Across) pair) => pair.Down == pair.Across ? pair.Down.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{pair.Down}x{pair.Across}");

    private static (int Down, int Across) Pair(string word, string text, int least)
    {
        string[] parts = word.Split('x');
        return parts.Length > 2 ? throw new FormatException($"'{text}': '{word}' is neither a number nor two") : (Number(parts, 0, text, MostPlaces, least), Number(parts, parts.Length - 1, text, MostPlaces, least));
    }

    private static int Number(string[] words, int at, string text, int most, int least = 1) =>
        at < words.Length && int.TryParse(words[at], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number : throw new FormatException($"'{text}': a number from {least} to {most} is expected");

    private static int Exact(int count, int parts) => count % parts == 0 ? count / parts : throw new FormatException($"{count} channels do not divide by {parts}");

    private LayerDescription With(string word, string text)
    {
        string[] parts = word.Split('=', 2);
        string value = parts.Length == 2 ? parts[1] : throw new FormatException($"'{text}': '{word}' is not understood");
        return (Kind, parts[0]) switch
        {
            (LayerKind.Conv, "kernel") => this with { Kernel = Pair(value, text, 1) },
            (LayerKind.Conv, "stride") => this with { Stride = Pair(value, text, 1) },
            (LayerKind.Conv, "padding") => this with { Padding = Pair(value, text, 0) },
            (LayerKind.Conv, "dilation") => this with { Dilation = Number([value], 0, text, MostPlaces) },
            (LayerKind.Embedding, "tokens") => this with { Tokens = Number([value], 0, text, 1 << 20) },
            _ => throw new FormatException($"'{text}': '{parts[0]}' is not understood"),
        };
    }

    private int Places(int places, int kernel, int stride, int padding)
    {
        int room = places + (2 * padding) - (Dilation * (kernel - 1)) - 1;
        return room < 0 ? 0 : (room / stride) + 1;
    }
}
