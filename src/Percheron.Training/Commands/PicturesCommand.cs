using System.CommandLine;
using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;
using Percheron.Training.Corpus;
using Percheron.Training.Pictures;

namespace Percheron.Training.Commands;

/// <summary><c>percheron-train pictures</c>: captioned pictures as a corpus of tokens, by a codec.</summary>
public static class PicturesCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("pictures", "Make a corpus of tokens of captioned pictures: captions in byte-level BPE, pictures in the codes of a codec.");
        Option<DirectoryInfo> output = new("--out") { Description = "Folder of the corpus; one left unfinished is gone on with.", DefaultValueFactory = _ => new DirectoryInfo("out/pictures-data") };
        Option<string> codec = new("--codec") { Description = "The codec's GGUF file, or palette for the one without a network.", DefaultValueFactory = _ => "out/training/picture-codec.gguf" };
        Option<string> data = PictureData.Option();
        Option<long> train = new("--train") { Description = "Pictures to train on.", DefaultValueFactory = _ => 200_000 }, heldOut = new("--held-out") { Description = "Held-out pictures.", DefaultValueFactory = _ => 5_000 };
        Option<int> vocabulary = new("--vocabulary") { Description = "Most tokens of the captions' vocabulary; fewer where captions have no more pairs.", DefaultValueFactory = _ => 512 };
        Option<DirectoryInfo?> words = new("--vocabulary-of") { Description = "Folder of a corpus whose vocabulary is taken, so that a model of that one can learn from this one too." };
        Option<int> threads = new("--threads") { Description = "Workers.", DefaultValueFactory = _ => Environment.ProcessorCount };
        Option<ulong> seed = new("--seed") { Description = "Seed of the pictures.", DefaultValueFactory = _ => 1 };
        Option<float> guidance = new("--guidance") { Description = "Scale of guidance that models of this corpus begin with.", DefaultValueFactory = _ => 2f };
        foreach (Option option in (Option[])[output, codec, data, train, heldOut, vocabulary, words, threads, seed, guidance]) command.Options.Add(option);
        command.SetAction((parsed, cancel) =>
        {
            IPictureSet set = PictureData.Open(parsed.GetRequiredValue(data), parsed.GetValue(seed));
            string path = parsed.GetRequiredValue(codec);
            var corpus = new PictureCorpus(set, () => path == "palette" ? new PaletteCodec() : VqCodec.Open(path), path == "palette" ? path : Path.GetFileName(path))
            {
                Vocabulary = parsed.GetValue(vocabulary), Text = parsed.GetValue(words) is { } other ? TokenCorpus.Open(other.FullName).Vocabulary.Text : null, Guidance = parsed.GetValue(guidance), Threads = Math.Max(1, parsed.GetValue(threads)),
            };
            string folder = parsed.GetRequiredValue(output).FullName;
            bool done = corpus.Write(folder, parsed.GetValue(train), parsed.GetValue(heldOut), line => Console.Error.WriteLine($"pictures: {line}"), cancel);
            Console.Error.WriteLine(done ? $"pictures: the corpus is in '{folder}'" : "pictures: stopped; the same command goes on from there");
            return Task.FromResult(done ? 0 : 130);
        });
        return command;
    }
}
