using Percheron.Training.Corpus;
using Xunit;

namespace Percheron.Training.Tests.Corpus;

public class HeldOutTests
{
    [Theory]
    [InlineData("", 0x811c9dc5u)]
    [InlineData("a", 0xe40c292cu)]
    [InlineData("foobar", 0xbf9cf968u)]
    public void Hash_is_fnv_1a_32(string text, uint expected) => Assert.Equal(expected, HeldOut.Hash(text));

    [Theory]
    [InlineData("T:System.Environment.SpecialFolder", "System.Environment.SpecialFolder")]
    [InlineData("M:System.IO.File.ReadAllText(System.String)", "System.IO.File")]
    [InlineData("M:System.String.#ctor(System.Char[])", "System.String")]
    [InlineData("M:System.Decimal.op_Explicit(System.Decimal)~System.Byte", "System.Decimal")]
    [InlineData("M:System.Array.Empty``1", "System.Array")]
    [InlineData("M:A.B`1.C#D#E{F#G}#H", "A.B`1")]
    [InlineData("P:System.Span`1.Item(System.Int32)", "System.Span`1")]
    [InlineData("F:System.Environment.SpecialFolder.Desktop", "System.Environment.SpecialFolder")]
    public void Type_of_a_member(string member, string type) => Assert.Equal(type, HeldOut.TypeName(member));

    [Fact]
    public void All_members_of_a_type_fall_on_one_side()
    {
        foreach (string type in Enumerable.Range(0, 500).Select(i => $"N.Type{i}"))
        {
            bool expected = HeldOut.Hash(type) % 20 == 0;
            Assert.Equal(expected, HeldOut.Contains("T:" + type));
            Assert.Equal(expected, HeldOut.Contains($"M:{type}.Do(System.Int32,N.Other.Thing)"));
            Assert.Equal(expected, HeldOut.Contains($"E:{type}.Done"));
        }
    }
}
