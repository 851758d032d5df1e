using Percheron.Training.Corpus;

namespace Percheron.Training.Speech;

/// <summary>Short sentences of numbers and times for a synthesizer to say. Sentence n is always the same for the same seed and split; no sentence is in both splits.</summary>
/// <param name="seed">Seed of everything that is drawn.</param>
/// <param name="heldOut">Which split.</param>
public sealed class SpokenSentences(ulong seed, bool heldOut)
{
    private static readonly string[] Numbers = [.. SpokenDigits.Words, "ten", "eleven", "twelve"], Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], Things = ["train", "bus", "boat", "class", "show"];

    /// <summary>Every word that may be said.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Numbers, .. Days, .. Things, "it", "is", "past", "to", "the", "leaves", "at", "on", "from", "platform", "call", "room", "we", "meet", "in"];

    /// <summary>The sentence of an index.</summary>
    public string At(long index)
    {
        ulong state = seed ^ (heldOut ? 0x5E47ul : 0x7A1Eul);
        state = SplitMix.Next(ref state) + (ulong)index;
        while (true)
        {
            string sentence = Draw(ref state);
            if (HeldOut.Hash(sentence) % 8 == 0 == heldOut) return sentence;
        }
    }

    private static string Draw(ref ulong state)
    {
        string first = One(Numbers, ref state), second = One(Numbers, ref state), third = One(Numbers, ref state), day = One(Days, ref state), thing = One(Things, ref state);
        return (SplitMix.Next(ref state) % 5) switch
        {
            0 => $"it is {first} past {second}",
            1 => $"it is {first} to {second}",
            2 => $"the {thing} leaves at {first} from platform {second}",
            3 => $"call {first} {second} {third}",
            _ => $"we meet on {day} at {first} in room {second}",
        };
    }

    private static string One(string[] words, ref ulong state) => words[SplitMix.Next(ref state) % (ulong)words.Length];
}
