using System.CommandLine;
using System.Diagnostics;
using Percheron.Codecs.Speech;
using Percheron.Training.Corpus;
using Percheron.Training.Runs;
using Percheron.Training.Speech;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train speech-data</c>: a corpus of tokens of spoken strings of digits.</summary>
public static class SpeechDataCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("speech-data", "Make a corpus of tokens of spoken strings of digits, for `percheron-train model`. A corpus that was left unfinished is gone on with.");
        Option<string> data = DataOption();
        Option<DirectoryInfo> corpus = new("--corpus") { Description = "Folder of the corpus.", DefaultValueFactory = _ => new DirectoryInfo("out/speech/corpus") };
        Option<FileInfo> codec = new("--codec") { Description = "The codec that `percheron-train speech-codec` made.", DefaultValueFactory = _ => new FileInfo(Path.Combine("out/speech", SpeechCodecCommand.CodecFile)) };
        Option<long> train = new("--train") { Description = "Strings to train on.", DefaultValueFactory = _ => 20_000 }, heldOut = new("--held-out") { Description = "Held-out strings.", DefaultValueFactory = _ => 1_000 };
        Option<ulong> seed = new("--seed") { Description = "Seed of the strings.", DefaultValueFactory = _ => 1 };
        Option<long> sentences = new("--sentences") { Description = "Sentences of numbers and times besides, said by espeak-ng, a voice of its own; left out where it is not installed. A twentieth as many are held out.", DefaultValueFactory = _ => 0 };
        foreach (Option option in (Option[])[data, corpus, codec, train, heldOut, seed, sentences]) command.Options.Add(option);
        command.SetAction((parsed, cancel) =>
        {
            string folder = parsed.GetRequiredValue(corpus).FullName;
            SpokenDigits digits = SpokenDigits.Open(parsed.GetRequiredValue(data), Directory.CreateDirectory(folder).Parent!.FullName);
            long rendered = Rendered(parsed.GetValue(sentences));
            var documents = new SpeechDocuments(SpeechCodec.Open(parsed.GetRequiredValue(codec).FullName), digits.Speakers, "the free spoken digit dataset", rendered > 0);
            SpeechSource Source(bool held, long strings, long sentences) => new(documents, new DigitStrings(digits, parsed.GetValue(seed), held), strings, new SpokenSentences(parsed.GetValue(seed), held), sentences);
            using var writer = new TokenCorpusWriter(folder, documents.Text, documents.About);
            bool whole = Make(writer, Source(false, parsed.GetValue(train), rendered), Source(true, parsed.GetValue(heldOut), rendered / 20), cancel);
            if (whole) writer.Finish();
            Console.WriteLine($"{folder}: {writer.Documents.Train} documents to train on, {writer.Documents.HeldOut} held out, {documents.Codes.End} tokens in the vocabulary{(whole ? "" : "; unfinished: the same command goes on")}");
            return Task.FromResult(whole ? 0 : 130);
        });
        return command;
    }

    /// <summary>The option that names the recordings.</summary>
    public static Option<string> DataOption() => new("--data") { Description = "The free spoken digit dataset: its archive (.tar.xz), or a folder of WAV files named DIGIT_SPEAKER_TAKE.wav.", Required = true };

    private static long Rendered(long sentences)
    {
        if (sentences <= 0 || new Espeak().IsThere) return Math.Max(0, sentences);
        Console.Error.WriteLine("speech-data: no sentences: espeak-ng is not installed");
        return 0;
    }

    private static bool Make(TokenCorpusWriter writer, SpeechSource train, SpeechSource heldOut, CancellationToken cancel)
    {
        long all = train.Count + heldOut.Count, from = writer.Documents.Train + writer.Documents.HeldOut, tokens = 0;
        var watch = Stopwatch.StartNew();
        return ProgressView.Show("speech-data", report =>
        {
            while (!cancel.IsCancellationRequested)
            {
                (long trained, long held) = writer.Documents;
                bool isHeldOut = held < heldOut.Count;
                if (!isHeldOut && trained >= train.Count) return true;
                int[] document = isHeldOut ? heldOut.Document(held) : train.Document(trained);
                writer.Add(document, isHeldOut);
                tokens += document.Length;
                double seconds = watch.Elapsed.TotalSeconds, done = trained + held + 1;
                report(new Report((long)done, double.NaN, double.NaN, tokens / seconds, done / all, TimeSpan.FromSeconds(seconds / (done - from) * (all - done))));
            }
            return false;
        });
    }
}
