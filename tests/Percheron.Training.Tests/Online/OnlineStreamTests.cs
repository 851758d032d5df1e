using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Online;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using Percheron.Training.Tokens;
using Percheron.Verifiers;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Online;

public sealed class OnlineStreamTests : IDisposable
{
    private static readonly BpeVocabulary Vocabulary = Small.Vocabulary();
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TorchFact]
    public void A_draft_that_learns_from_its_failures_wins_more_than_one_that_does_not()
    {
        (int[][] prompts, Transformer target, GgufFile file) = Pair();
        using (file)
        using (target)
        {
            var stream = new OnlineStream(target, _folder.File("draft.gguf"), Vocabulary) { Tokens = 20, Interval = 4, Rate = 3e-3, Passes = 4 };
            int lessons = 0;
            IReadOnlyList<double> without = stream.Fixed(prompts), with = stream.Learning(prompts, _folder.File("online.gguf"), (_, _) => lessons++);
            Assert.Equal((10, 10, 10), (without.Count, with.Count, lessons));
            // Before the first lesson they are one draft.
            Assert.Equal(without[0], with[0]);
            Assert.True(with.TakeLast(4).Average() > 1.2 * without.TakeLast(4).Average(), $"{string.Join(' ', without)} / {string.Join(' ', with)}");
            Assert.Equal(with.Take(3), stream.Learning(prompts[..12], _folder.File("again.gguf")));
        }
    }

    [TorchFact]
    public void The_recorder_keeps_exactly_where_a_guess_was_refused_and_the_targets_answer_there()
    {
        (int[][] prompts, Transformer target, GgufFile file) = Pair();
        using (file)
        using (target)
        using (GgufFile draftFile = GgufFile.Open(_folder.File("draft.gguf")))
        using (var draft = Transformer.Load(draftFile, new ModelOptions { Threads = 1 }))
        {
            var recorder = new FailureRecorder();
            var text = new Sequence(prompts[0], new SequenceOptions { MaxTokens = 20, Sampling = SamplingSettings.Greedy });
            var decoder = new Decoder(target, new ModelDrafter(draft, depth: 2, confidence: 0), new Coupled(), new DecoderOptions { Observer = recorder });
            decoder.Run(text);
            RecordedText failed = recorder.Take(text);
            Assert.Equal(text.Tokens.ToArray(), failed.Tokens);
            Assert.True(failed.Refused > 0);
            // Every token that was written was somebody's answer.
            Assert.Equal(Enumerable.Range(text.PromptLength - 1, 20), failed.Answers.Select(f => f.Position));
            // At temperature 0 what came behind a failure is the target's most likely token there, and not the draft's.
            using LlamaNet guesser = GgufModel.Read(_folder.File("draft.gguf"), ScalarType.Float32);
            using IDisposable fixedValues = no_grad();
            long[] guesses = guesser.Logits(guesser.Hidden(tensor(failed.Tokens.Select(id => (long)id).ToArray(), 1, failed.Tokens.Length))).argmax(-1).data<long>().ToArray();
            foreach ((int position, float[] logits, bool refused) in failed.Answers)
            {
                Assert.Equal(failed.Tokens[position + 1], Array.IndexOf(logits, logits.Max()));
                if (refused) Assert.NotEqual(failed.Tokens[position + 1], guesses[position]);
            }
            Assert.Empty(recorder.Take(text).Answers);
        }
    }

    /// <summary>A target that has learned a little of the small documents, and a draft that has learned nothing.</summary>
    private (int[][] Prompts, Transformer Target, GgufFile File) Pair()
    {
        var corpus = new EncodedCorpus(Small.Documents, Vocabulary);
        LlamaShape shape = Small.Shape with { Context = 64 };
        using (var net = new LlamaNet(shape, 3, ScalarType.Float32))
        {
            var stream = new RowStream(corpus.Train, shape.Context, 7);
            var options = new RunOptions { Steps = 60, Threads = 2, RowsPerStep = 4, RowsPerPass = 2, EvaluateEvery = 60 };
            using var run = new TrainingRun<LlamaNet>(net, new NextToken(), new DocumentRows(stream, [stream.Row(0).ToArray()]), options, new RunFolder(_folder.Path), 7);
            run.Run(_ => { }, CancellationToken.None);
            GgufModel.Write(_folder.File("target.gguf"), net, Vocabulary, TensorType.F32, "Small");
        }
        using (var net = new LlamaNet(shape with { Layers = 1 }, 4, ScalarType.Float32)) GgufModel.Write(_folder.File("draft.gguf"), net, Vocabulary, TensorType.F32, "Small");
        GgufFile file = GgufFile.Open(_folder.File("target.gguf"));
        var lines = new FirstLines(Vocabulary);
        return ([.. corpus.Train.Concat(corpus.Train).Take(40).Select(document => lines.Of(document).ToArray())], Transformer.Load(file, new ModelOptions { Threads = 1 }), file);
    }
}
