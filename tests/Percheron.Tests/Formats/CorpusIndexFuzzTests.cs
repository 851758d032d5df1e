using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Formats;

public class CorpusIndexFuzzTests
{
    [Fact]
    public void Damaged_files_open_or_are_refused()
    {
        byte[] sound = CorpusIndexTests.Written([.. Enumerable.Range(0, 90).Select(i => i * i % 11)], 11, 32);
        Mutator mutator = new(sound, [(4, 4), (8, 4), (12, 4), (16, 8), (24, 8), (32, 4)], 128);
        var positions = new long[16];
        int opened = Fuzzing.Run(1, mutator.Mutate, path =>
        {
            using CorpusIndex index = CorpusIndex.Open(path);
            for (long i = 0; i < Math.Min(index.Count, 200); i++) index.Token(i);
            for (int a = 0; a < 11; a++) index.Find([a, a * 3 % 11, a * a % 11], positions, out _);
        });
        Assert.InRange(opened, 10, int.MaxValue);
    }
}
