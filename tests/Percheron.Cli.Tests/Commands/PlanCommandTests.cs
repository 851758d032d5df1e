using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class PlanCommandTests
{
    // A parallel draft makes all guesses in one forward, an ordinary one a forward for each level.
    [Theory]
    [InlineData("pard", false)]
    [InlineData("early-exit(exit=1)", true)]
    public void Drafting_takes_what_the_model_says_of_its_levels(string drafter, bool each)
    {
        using TinyModel model = new();
        using TinyTrained trained = new(model.Path, model.Path);
        JsonNode report = Run.Of("plan", "-m", model.Path, "--drafter", trained.Give(drafter), "--json").Json;
        double forward = (double)report["draft_ms"]!;
        JsonNode[] rows = [.. report["rows"]!.AsArray().Skip(1)!];
        Assert.True(forward > 0 && rows.Length > 4);
        Assert.All(rows, row => Assert.Equal(forward * (each ? (int)row["depth"]! : 1), (double)row["draft_ms"]!, 1e-9));
    }
}
