using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Percheron.Codecs;
using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;
using Percheron.Training.Corpus;
using Percheron.Training.Tokens;

namespace Percheron.Training.Pictures;

/// <summary>Writes captioned pictures as a corpus of tokens: the end of text, the caption, the token that begins codes, and the codes in raster order.</summary>
/// <param name="set">The pictures.</param>
/// <param name="codec">Makes a codec, one for each worker.</param>
/// <param name="codecName">What the corpus calls it.</param>
public sealed class PictureCorpus(IPictureSet set, Func<IPictureCodec> codec, string codecName)
{
    // Merges are learned on the first captions: more of the same change little.
    private const int Learned = 20_000, Chunk = 512, VocabularyStep = 8;

    /// <summary>Most tokens of the text's vocabulary.</summary>
    public int Vocabulary { get; init; } = 512;

    /// <summary>The text's vocabulary, such as that of the corpus a model began with; null learns one from the captions.</summary>
    public BpeVocabulary? Text { get; init; }

    /// <summary>Scale of guidance that is written into the layout.</summary>
    public float Guidance { get; init; } = 1;

    /// <summary>Workers that draw and encode; the corpus does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Writes the corpus, going on where an unfinished one ends.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="train">Pictures to train on; fewer where there are fewer.</param>
    /// <param name="heldOut">Held-out pictures; fewer where there are fewer.</param>
    /// <param name="report">Takes a line now and then.</param>
    /// <param name="cancel">Ends it before its time.</param>
    /// <returns>False if cancelled.</returns>
    /// <exception cref="InvalidDataException">The folder holds an unfinished corpus of something else.</exception>
    public bool Write(string folder, long train, long heldOut, Action<string> report, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(train, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heldOut, 1);
        (train, heldOut) = (Math.Min(train, set.TrainCount), Math.Min(heldOut, set.HeldOutCount));
        BpeVocabulary text = Text ?? Learn(train);
        IPictureCodec[] codecs = [.. Enumerable.Range(0, Threads).Select(_ => codec())];
        int begin = text.Count;
        var layout = new CodeLayout { Kind = CodeLayout.Image, First = begin + 2, Count = codecs[0].Count, Begin = begin, Blank = begin + 1, Width = codecs[0].Width, Height = codecs[0].Height, Guidance = Guidance };
        var about = new TokenCorpusDescription("Percheron Pictures", $"{set.Description}; codes by {codecName}", set.License, ["<|picture|>", "<|blank|>"], layout);
        using var writer = new TokenCorpusWriter(folder, text, about);
        (long wrote, long wroteHeldOut) = writer.Documents;
        if (wrote + wroteHeldOut > 0) report($"going on after {wrote} pictures and {wroteHeldOut} held out");
        if (!Write(writer, text, codecs, (wrote, train, false), report, cancel) || !Write(writer, text, codecs, (wroteHeldOut, heldOut, true), report, cancel)) return false;
        writer.Finish();
        return true;
    }

    // Captions of a small world have fewer pairs than one might ask for.
    private BpeVocabulary Learn(long train)
    {
        string[] captions = [.. Enumerable.Range(0, (int)Math.Min(train, Learned)).Select(i => set.Train(i).Caption).Distinct()];
        for (int size = Math.Max(Vocabulary, BpeVocabulary.FirstMerge); ; size = Math.Max(BpeVocabulary.FirstMerge, size - VocabularyStep))
        {
            try
            {
                return BpeTrainer.Train(captions, size);
            }
            catch (InvalidDataException) when (size > BpeVocabulary.FirstMerge)
            {
            }
        }
    }

    private bool Write(TokenCorpusWriter writer, BpeVocabulary text, IPictureCodec[] codecs, (long From, long To, bool HeldOut) part, Action<string> report, CancellationToken cancel)
    {
        long clock = Stopwatch.GetTimestamp(), told = clock;
        List<int> ids = [];
        var captions = new string[Chunk];
        var codes = new int[Chunk][];
        for (long first = part.From; first < part.To; first += Chunk)
        {
            if (cancel.IsCancellationRequested) return false;
            int count = (int)Math.Min(Chunk, part.To - first);
            Parallel.For(0, codecs.Length, new ParallelOptions { MaxDegreeOfParallelism = codecs.Length }, worker =>
            {
                for (int i = worker; i < count; i += codecs.Length)
                {
                    CaptionedPicture one = part.HeldOut ? set.HeldOut(first + i) : set.Train(first + i);
                    captions[i] = one.Caption;
                    codecs[worker].Encode(one.Picture, codes[i] = new int[codecs[worker].Width * codecs[worker].Height]);
                }
            });
            for (int i = 0; i < count; i++)
            {
                ids.Clear();
                ids.Add(BpeVocabulary.EndOfText);
                text.Encode(captions[i], ids);
                ids.Add(text.Count);
                foreach (int code in codes[i]) ids.Add(text.Count + 2 + code);
                writer.Add(CollectionsMarshal.AsSpan(ids), part.HeldOut);
            }
            if (Stopwatch.GetElapsedTime(told).TotalSeconds < 10 && first + count < part.To) continue;
            told = Stopwatch.GetTimestamp();
            double speed = (first + count - part.From) / Stopwatch.GetElapsedTime(clock).TotalSeconds;
            report(string.Create(CultureInfo.InvariantCulture, $"{first + count} of {part.To}{(part.HeldOut ? " held out" : "")}, {speed:f0} a second, {TimeSpan.FromSeconds((part.To - first - count) / speed):mm\\:ss} left"));
        }
        return true;
    }
}
