using System.Text.RegularExpressions;
using Xunit;

namespace Percheron.Evaluation.Tests.Architecture;

/// <summary>Measuring stands on the library alone: training and the command line stand on it.</summary>
public partial class LayerTests
{
    [Fact]
    public void Evaluation_names_neither_training_nor_the_command_line()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Percheron.slnx"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(root, "src", "Percheron.Evaluation"), "*.cs*", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains(@"\obj\", StringComparison.Ordinal))];
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotMatch(Above(), File.ReadAllText(file)));
    }

    [GeneratedRegex(@"Percheron\.(Training|Cli)\b|TorchSharp")]
    private static partial Regex Above();
}
