using System.Globalization;
using Percheron.Formats;

namespace Percheron.Benchmarks.RandomModels;

/// <summary><c>random-model --shape D --type q8_0 [--head q6_k] [--context 8192] OUT</c>.</summary>
internal static class RandomModelCommand
{
    public const string Name = "random-model";

    /// <summary>Returns the exit code: 0 written, 2 wrong usage.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        string? shape = null, type = null, head = null, context = null, path = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--shape": (shape, i) = (value, i + 1); break;
                case "--type": (type, i) = (value, i + 1); break;
                case "--head": (head, i) = (value, i + 1); break;
                case "--context": (context, i) = (value, i + 1); break;
                default: path = arguments[i]; break;
            }
        }
        ModelShape? known = ModelShape.Known.FirstOrDefault(s => s.Name.Equals(shape, StringComparison.OrdinalIgnoreCase));
        if (known is null || path is null || !TryType(type, out TensorType stored) || !TryType(head ?? HeadOf(type), out TensorType headType)
            || !int.TryParse(context ?? "8192", NumberStyles.None, CultureInfo.InvariantCulture, out int positions))
        {
            Console.Error.WriteLine($"usage: {Name} --shape {string.Join('|', ModelShape.Known.Select(s => s.Name))} --type f32|f16|bf16|q8_0|q4_0|q4_k|q6_k [--head TYPE] [--context N] OUT");
            return 2;
        }
        RandomModel.Write(known, stored, headType, positions, path);
        Console.WriteLine($"{path}: {new FileInfo(path).Length:N0} bytes");
        return 0;
    }

    // What llama.cpp's quantizer does with the output matrix: four bits are too few for it.
    private static string? HeadOf(string? type) => type is "q4_0" or "q4_k" ? "q6_k" : type;

    private static bool TryType(string? name, out TensorType type) => Enum.TryParse(name, ignoreCase: true, out type) && BlockCodec.CanEncode(type);
}
