using Percheron.Codecs;
using Percheron.Codecs.Speech;
using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Encoders;
using Percheron.Verifiers;

namespace Percheron.Evaluation.Speech;

/// <summary>Writes down what is said in recordings, greedily and without drafts: what error rates of speech are measured with.</summary>
/// <remarks>Not safe for several threads.</remarks>
public sealed class Recogniser : IDisposable
{
    private readonly WhisperModel _model;
    private readonly Tokenizer _tokenizer;
    private readonly WhisperMel _mel;

    private Recogniser(WhisperModel model, Tokenizer tokenizer, WhisperMel mel) => (_model, _tokenizer, _mel) = (model, tokenizer, mel);

    /// <summary>Reads a recogniser.</summary>
    /// <param name="path">A GGUF file, or the folder of a checkpoint as it is published on Hugging Face, with its <c>tokenizer.json</c>.</param>
    /// <param name="options">How it is run.</param>
    /// <exception cref="ModelFormatException">It is damaged, or no recogniser with an encoder and a vocabulary.</exception>
    /// <exception cref="IOException">There is no such file.</exception>
    public static Recogniser Open(string path, ModelOptions? options = null)
    {
        WhisperModel model = WhisperModel.Open(path, options);
        try
        {
            if (!model.HasEncoder) throw new ModelFormatException(path, 0, "it has no encoder: it is an assistant of another model");
            Tokenizer tokenizer = Directory.Exists(path) ? Tokenizer.FromHuggingFace(Path.Combine(path, "tokenizer.json")) : Tokenizer.FromGguf(model.File);
            return new Recogniser(model, tokenizer, new WhisperMel(WhisperMelSettings.Read(model.File)));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>What is said; a recording that is longer than the model hears at once is heard in parts.</summary>
    public string Transcribe(Waveform sound)
    {
        List<string> parts = [];
        foreach (float[] frames in _mel.Parts(sound, _model.MostFrames))
        {
            using Transformer target = _model.Listen(frames);
            Sequence text = new([.. _model.StartTokens], new SequenceOptions
            {
                Sampling = SamplingSettings.Greedy, StopTokens = [.. _tokenizer.EndOfGeneration], MaxTokens = target.ContextLength - _model.StartTokens.Count,
            });
            new Decoder(target, new NoneDrafter(), new Coupled()).Run([text]);
            parts.Add(_tokenizer.Decode(text.Tokens[_model.StartTokens.Count..]).Trim());
        }
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
