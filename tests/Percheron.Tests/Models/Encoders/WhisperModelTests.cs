using Percheron.Decoding;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Encoders;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Models.Encoders;

/// <summary>An encoder and decoder in Whisper's layout, against arithmetic in double precision, and as a model like any other.</summary>
public sealed class WhisperModelTests
{
    [Theory]
    [InlineData(false, 21, 1)]
    [InlineData(false, TinyWhisper.Frames, 2)]
    [InlineData(false, 1, 1)]
    [InlineData(true, 34, 3)]
    public void A_published_checkpoint_computes_what_its_description_says(bool half, int frames, int threads)
    {
        using TinyWhisper tiny = new(half: half);
        using WhisperModel model = tiny.Open(threads);
        float[] sound = TinyWhisper.Sound(frames);
        ReferenceWhisper reference = new(tiny.Tensors, tiny.EncoderLayers, tiny.DecoderLayers, TinyWhisper.Heads);
        double[][] heard = reference.Encode([.. sound.Chunk(TinyWhisper.Bands).Select(frame => frame.Select(value => (double)value).ToArray())]);
        EncoderStates states = model.Encode(sound);
        Assert.Equal((heard.Length, TinyWhisper.Hidden), (states.Count, states.Width));
        for (int i = 0; i < states.Values.Length; i++) Assert.Equal(heard[i / TinyWhisper.Hidden][i % TinyWhisper.Hidden], states.Values[i], half ? 2e-3 : 2e-4);
        int[] tokens = ModelRunner.Tokens(17, TinyWhisper.Vocab);
        double[][] expected = reference.Decode(tokens, heard);
        using Transformer decoder = model.Listen(states);
        float[][] logits = ModelRunner.Sequence(decoder, tokens, 5);
        for (int t = 0; t < tokens.Length; t++)
            for (int token = 0; token < TinyWhisper.Vocab; token++) Assert.Equal(expected[t][token], logits[t][token], half ? 5e-3 : 5e-4);
    }

    [Fact]
    public void A_checkpoint_says_what_texts_begin_with_and_how_much_it_hears()
    {
        using TinyWhisper tiny = new();
        using WhisperModel model = tiny.Open();
        Assert.Equal([5, 7, 8], model.StartTokens);
        Assert.Equal((TinyWhisper.Bands, TinyWhisper.Frames, true), (model.Bands, model.MostFrames, model.HasEncoder));
        Assert.Throws<ArgumentException>(() => model.Encode([]));
        Assert.Throws<ArgumentException>(() => model.Encode(new float[TinyWhisper.Bands + 1]));
        Assert.Throws<ArgumentException>(() => model.Encode(new float[TinyWhisper.Bands * (TinyWhisper.Frames + 1)]));
    }

    [Theory]
    [InlineData(TensorType.F32, CacheType.F32)]
    [InlineData(TensorType.Q8_0, CacheType.F16)]
    [InlineData(TensorType.BF16, CacheType.F16)]
    public void No_grouping_changes_a_bit(TensorType type, CacheType cache)
    {
        using TinyWhisper tiny = new(encoderLayers: 1);
        string path = tiny.Quantize(type);
        int[] tokens = ModelRunner.Tokens(GroupingChecks.Length, TinyWhisper.Vocab);
        float[] sound = TinyWhisper.Sound(33);
        float[][]? expected = null;
        foreach (int threads in new[] { 1, 3 })
        {
            using WhisperModel model = WhisperModel.Open(path, new ModelOptions { Threads = threads, CacheType = cache });
            using Transformer decoder = model.Listen(sound);
            GroupingChecks.All(decoder, tokens, expected ??= ModelRunner.Sequence(decoder, tokens, 1));
        }
    }

    [Fact]
    public void Several_recordings_are_listened_to_at_once()
    {
        using TinyWhisper tiny = new();
        using WhisperModel model = tiny.Open(2);
        int[] tokens = ModelRunner.Tokens(6, TinyWhisper.Vocab);
        Transformer[] decoders = [.. new[] { 20, 51, 20 }.Select((frames, i) => model.Listen(TinyWhisper.Sound(frames, seed: i)))];
        float[][][] alone = [.. decoders.Select(decoder => ModelRunner.Sequence(decoder, tokens, 1))];
        Assert.NotEqual(alone[0][0], alone[2][0]);
        KvCache[] caches = [.. decoders.Select(decoder => decoder.NewCache())];
        // A recording may end before the texts about it do.
        foreach (Transformer decoder in decoders[1..]) decoder.Dispose();
        Rows[] batch = [.. caches.Select(cache =>
        {
            Rows rows = new();
            rows.Reset(cache);
            for (int i = 0; i < tokens.Length; i++) rows.Add(tokens[i], i - 1, logits: true);
            return rows;
        })];
        decoders[0].Forward(batch);
        for (int item = 0; item < batch.Length; item++)
            for (int i = 0; i < tokens.Length; i++) GroupingChecks.Same(alone[item][i], batch[item].Logits(i));
        Assert.Throws<ObjectDisposedException>(decoders[1].NewCache);
        Assert.Throws<ArgumentException>(() => caches[0].CopyFrom(caches[1], 0));
        foreach (KvCache cache in caches) cache.Dispose();
        decoders[0].Dispose();
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        using TinyWhisper tiny = new();
        using WhisperModel model = tiny.Open(1, CacheType.F16);
        using Transformer decoder = model.Listen(TinyWhisper.Sound(40));
        using KvCache cache = decoder.NewCache();
        Rows rows = new();
        FeatureSet features = new(1, 3);
        for (int step = 0; step < 34; step++) Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 10; step++) Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            rows.Reset(cache, features);
            for (int i = 0; i < 3; i++) rows.Add(i, i == 2 ? 0 : i - 1, logits: true);
            decoder.Forward(new ReadOnlySpan<Rows>(in rows));
            cache.Commit([0]);
        }
    }

    [Fact]
    public void Hidden_states_are_those_the_heads_ask_for()
    {
        using TinyWhisper tiny = new();
        using WhisperModel model = tiny.Open();
        using Transformer decoder = model.Listen(TinyWhisper.Sound(12));
        using KvCache cache = decoder.NewCache();
        Rows rows = new();
        rows.Reset(cache, new FeatureSet(0, 2, 3));
        rows.Add(4, -1, logits: true);
        decoder.Forward([rows]);
        float[] embedding = new float[TinyWhisper.Hidden], position = tiny.Tensors["model.decoder.embed_positions.weight"].Values[..TinyWhisper.Hidden];
        decoder.ReadEmbedding(4, embedding);
        Assert.Equal(embedding.Zip(position, (a, b) => a + b), rows.Feature(0, 0).ToArray());
        // The last state is what the vocabulary projection reads.
        float[] matrix = tiny.Tensors["model.decoder.embed_tokens.weight"].Values, last = rows.Feature(0, 2).ToArray();
        for (int token = 0; token < TinyWhisper.Vocab; token++) Assert.Equal(last.Select((value, i) => (double)value * matrix[(token * TinyWhisper.Hidden) + i]).Sum(), rows.Logits(0)[token], 1e-4);
    }

    [Fact]
    public void An_assistant_listens_to_the_states_of_another_model()
    {
        using TinyWhisper tiny = new(), small = new(encoderLayers: 1, decoderLayers: 1, seed: 9);
        using WhisperModel model = tiny.Open(), full = small.Open();
        string path = Path.Combine(small.Folder, "assistant.gguf");
        GgufWriter writer = new();
        foreach ((string key, GgufValue value) in full.File.Metadata) writer.Add(key, value);
        foreach (TensorInfo tensor in full.File.Tensors.Where(tensor => !tensor.Name.StartsWith("enc.", StringComparison.Ordinal)))
            writer.AddTensor(tensor.Name, tensor.Type, [.. tensor.Dimensions], full.File.Bytes(tensor).ToArray().AsMemory());
        writer.Write(path);
        using WhisperModel assistant = WhisperModel.Open(path, new ModelOptions { Team = model.Team, CacheType = CacheType.F32 });
        Assert.False(assistant.HasEncoder);
        Assert.Throws<InvalidOperationException>(() => assistant.Encode(TinyWhisper.Sound(4)));
        EncoderStates states = model.Encode(TinyWhisper.Sound(40));
        using Transformer target = model.Listen(states), draft = assistant.Listen(states), same = full.Listen(states);
        int[] tokens = ModelRunner.Tokens(6, TinyWhisper.Vocab);
        GroupingChecks.Same(ModelRunner.Sequence(same, tokens), ModelRunner.Sequence(draft, tokens));
        Sequence plain = Text(), drafted = Text();
        new Decoder(target, new Percheron.Drafters.NoneDrafter(), new Coupled()).Run([plain]);
        Decoder decoder = new(target, new Percheron.Drafters.ModelDrafter(draft, depth: 3, confidence: 0), new Coupled());
        decoder.Run([drafted]);
        Assert.Equal(plain.Tokens.ToArray(), drafted.Tokens.ToArray());
        Assert.True(decoder.Statistics.Accepted > 0);
        Assert.Throws<ArgumentException>(() => assistant.Listen(new EncoderStates(new float[8], 4)));

        static Sequence Text() => new([5, 7, 8], new SequenceOptions { MaxTokens = 30, Seed = 3 });
    }

    [Theory]
    [InlineData("activation_function", "relu", "activation_function")]
    [InlineData("scale_embedding", true, "scale_embedding")]
    [InlineData("d_model", 0, "d_model")]
    [InlineData("encoder_layers", 9, "model.encoder.layers.2")]
    [InlineData("num_mel_bins", 11, "enc.conv1")]
    [InlineData("model_type", "llama", "model that listens")]
    [InlineData("decoder_start_token_id", 61, "whisper.start_tokens")]
    [InlineData("max_source_positions", 40, "enc.position_embd")]
    public void A_damaged_checkpoint_is_one_message(string key, object value, string named)
    {
        using TinyWhisper tiny = new();
        tiny.WriteConfig(new() { [key] = value });
        Assert.Contains(named, Assert.Throws<ModelFormatException>(() => tiny.Open().Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_only_reads_is_no_model_that_listens()
    {
        using TinyFile file = TinyModel.Llama.Build();
        Assert.Contains("does not listen", Assert.Throws<ModelFormatException>(() => WhisperModel.Open(file.Path).Dispose()).Message, StringComparison.Ordinal);
    }
}
