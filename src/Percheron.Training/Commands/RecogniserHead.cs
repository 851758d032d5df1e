using System.CommandLine;
using System.Globalization;
using Percheron.Codecs.Speech;
using Percheron.Formats;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;
using Percheron.Training.Features;
using Percheron.Training.Native;
using Percheron.Training.Nets;
using Percheron.Training.Recipes;
using Percheron.Training.Runs;
using Percheron.Training.Speech;
using static TorchSharp.torch;

namespace Percheron.Training.Commands;

/// <summary>The part of <c>percheron-train recogniser</c> that trains a head on a recogniser's decoder, as those of any target.</summary>
/// <remarks>Source: Raj et al. 2024, "Faster Speech-LLaMA Inference with Multi-token Prediction", arXiv 2409.08148.</remarks>
/// <param name="Name">Of the run and the file.</param>
/// <param name="Data">The recordings.</param>
/// <param name="Codec">A codec that some of them go through; null for none.</param>
/// <param name="Model">The recogniser.</param>
/// <param name="Kind">The recipe with its options.</param>
/// <param name="Measured">Held-out strings that are transcribed in the end.</param>
internal sealed record RecogniserHead(string Name, string Data, string? Codec, string Model, string Kind, int Measured)
{
    private const int HeldOutRows = 64, CodedEvery = 3;

    /// <summary>Trains it.</summary>
    /// <exception cref="ArgumentException">The recipe wants more than the last hidden state.</exception>
    public static int Train(RunArguments arguments, ParseResult parsed, RecogniserHead head, CancellationToken cancel)
    {
        Recipe recipe = RecipeBook.Find(head.Kind);
        TorchRuntime.Start(threads: 1);
        (ulong seed, string folder) = (arguments.Seed(parsed), arguments.Folder(parsed));
        using var target = new TargetHead(head.Model, ScalarType.BFloat16);
        if (recipe.States(target.Shape).Any(state => state != target.LastState)) throw new ArgumentException($"--head {head.Kind}: this recipe reads other states than the last; medusa, blockwise, hydra and redrafter do not.");
        using WhisperNet stored = WhisperFile.Read(head.Model, ScalarType.BFloat16), net = stored.Frozen();
        DigitUtterances utterances = DigitUtterances.Open(head.Data, folder, seed, head.Codec, CodedEvery, arguments.Options(parsed).Threads);
        var rows = new UtteranceRows(utterances.Train, Enumerable.Range(0, HeldOutRows).Select(i => utterances.HeldOut(i)), GgufModel.ReadVocabulary(head.Model).Text, new WhisperMel(Mel(head.Model)), net.Shape);
        string file = Path.Combine(folder, head.Name + ".gguf");
        var job = new RecipeJob(head.Name, target, new UtteranceStates(rows, net), arguments.Options(parsed), new RunFolder(Directory.CreateDirectory(Path.Combine(folder, head.Name)).FullName), file, seed)
        {
            Resume = arguments.Resume(parsed),
            Cancel = cancel,
            Made = (parameters, made, state) =>
            {
                IEnumerable<Utterance> said = Enumerable.Range(0, head.Measured).Select(i => utterances.HeldOut(HeldOutRows + i));
                double length = RecognitionMeasure.AcceptedLength(head.Model, listening => recipe.Drafter(listening, file), said);
                string measured = string.Create(CultureInfo.InvariantCulture, $"accepted length {length:f2} on {head.Measured} held-out strings, greedy");
                Console.Error.WriteLine($"{head.Name}: {measured}");
                new ModelCard
                {
                    File = Path.GetFileName(file),
                    Kind = head.Kind,
                    Drafter = recipe.Spec(Path.GetFileName(file)),
                    Target = $"{Path.GetFileName(head.Model)}, SHA-256 {FeatureManifest.DigestOf(head.Model)}",
                    Parameters = parameters,
                    Data = $"strings of one to {DigitStrings.Longest} spoken digits; {SpokenDigits.Licence}",
                    Recipe = made,
                    Run = state,
                    Measured = measured,
                }.Write(file);
            },
        };
        return recipe.Train(job);
    }

    private static WhisperMelSettings Mel(string model)
    {
        using GgufFile file = GgufFile.Open(model);
        return WhisperMelSettings.Read(file);
    }
}
