using Percheron.Evaluation.Translation;
using Xunit;

namespace Percheron.Evaluation.Tests.Translation;

/// <summary>One clause in every order, by hand.</summary>
public class ClauseTests
{
    private static readonly Clause TidiesUp = new()
    {
        Subject = NounPhrase.Name("Anna"), Verb = Verbs.Transitive.First(v => v.Participle == "aufgeräumt"), Object = NounPhrase.The(Words.Rooms[0]), Time = ("heute", "today"),
    };

    [Theory]
    [InlineData(nameof(Order.Subject), "Anna räumt heute die Küche auf")]
    [InlineData(nameof(Order.Time), "heute räumt Anna die Küche auf")]
    [InlineData(nameof(Order.Verb), "räumt Anna heute die Küche auf")]
    [InlineData(nameof(Order.Last), "Anna heute die Küche aufräumt")]
    public void A_verb_of_two_parts(string order, string expected) => Assert.Equal(expected, TidiesUp.German(Enum.Parse<Order>(order)));

    [Theory]
    [InlineData(nameof(Tense.Past), "Anna hat heute die Küche aufgeräumt", "Anna heute die Küche aufgeräumt hat", "Anna tidied up the kitchen today")]
    [InlineData(nameof(Tense.Future), "Anna wird heute die Küche aufräumen", "Anna heute die Küche aufräumen wird", "Anna will tidy up the kitchen today")]
    [InlineData(nameof(Tense.Must), "Anna muss heute die Küche aufräumen", "Anna heute die Küche aufräumen muss", "Anna must tidy up the kitchen today")]
    public void Tenses(string tense, string german, string last, string english)
    {
        Clause clause = TidiesUp with { Tense = Enum.Parse<Tense>(tense) };
        Assert.Equal(german, clause.German(Order.Subject));
        Assert.Equal(last, clause.German(Order.Last));
        Assert.Equal(english, clause.English().First());
    }

    [Fact]
    public void A_particle_stands_on_either_side() => Assert.Equal(
        ["Anna tidies up the kitchen today", "Anna tidies the kitchen up today", "Anna is tidying up the kitchen today", "Anna is tidying the kitchen up today"], TidiesUp.English());

    [Fact]
    public void Denial()
    {
        Clause clause = TidiesUp with { IsDenied = true };
        Assert.Equal("Anna räumt heute die Küche nicht auf", clause.German(Order.Subject));
        Assert.Equal("Anna does not tidy up the kitchen today", clause.English().First());
        Assert.Equal("does Anna not tidy up the kitchen today", clause.EnglishQuestion().First());
    }
}
