using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class InspectCommandTests
{
    [Fact]
    public void A_missing_file_is_named() => Assert.Contains("no-such-file", Run.Of("inspect", "/no-such-file.gguf").Fails(1), StringComparison.Ordinal);

    [Fact]
    public void Shows_what_stories260k_costs()
    {
        JsonNode report = Run.Of("inspect", SharedData.Require("stories260k/stories260k-v3-f32.gguf"), "--json").Json;
        Assert.Equal("llama", (string?)report["architecture"]);
        Assert.Equal(3, (int?)report["version"]);
        // 5 layers × 4 key heads × (8 + 8) floats.
        Assert.Equal(1024 * 5 * 4 * 16 * 4, (long?)report["cost"]!["cache_bytes_per_1k_f32"]);
    }
}
