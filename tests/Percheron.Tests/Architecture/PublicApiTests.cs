using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Architecture;

/// <summary>
/// The public API is what PublicApi.approved.txt says. A change that means to move it runs this test with PERCHERON_APPROVE=1 and commits the file, so that it is seen in review.
/// </summary>
public class PublicApiTests
{
    private static readonly string ApprovedFile = Repository.At("tests", "Percheron.Tests", "Architecture", "PublicApi.approved.txt");

    [Fact]
    public void The_public_api_is_the_approved_one()
    {
        string actual = PublicApi.Of(typeof(Decoder).Assembly, typeof(ToyModel).Assembly);
        if (Repository.Approve) File.WriteAllText(ApprovedFile, actual);
        string[] now = actual.Split('\n'), approved = File.ReadAllLines(ApprovedFile);
        Assert.Empty(now.Where(l => l.Length > 0).Except(approved).Select(l => "not approved: " + l.Trim()));
        Assert.Empty(approved.Except(now).Select(l => "gone: " + l.Trim()));
        Assert.Equal(approved, now.Where(l => l.Length > 0));
    }
}
