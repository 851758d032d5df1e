using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Corpus;
using Percheron.Training.Runs;
using Percheron.Training.Tokens;
using Percheron.Verifiers;

namespace Percheron.Training.Features;

/// <summary>Fills rows with text and the target's states there, by the library's own engine. A row is a pure function of (seed, its number), so capturing can stop and go on anywhere.</summary>
/// <remarks>Documents that are apart are sequences of their own, read from position 0, as prompts are.</remarks>
public sealed class FeatureCapture
{
    private readonly RecordingDrafter _reading, _writing;
    private readonly Decoder _reader, _writer;
    private readonly RowStream _rows;
    private readonly IReadOnlyList<int[]> _documents;
    private readonly FeatureData _data;
    private readonly ulong _seed;
    private readonly FirstLines _lines;

    /// <param name="target">The model whose states are wanted; the caller keeps owning it.</param>
    /// <param name="drafter">Who guesses what the target writes; it changes the speed only.</param>
    /// <param name="states">Which states.</param>
    /// <param name="documents">Documents of one split, each beginning with the end of text.</param>
    /// <param name="vocabulary">Their vocabulary.</param>
    /// <param name="plan">Length of rows, whose text, and the seed.</param>
    public FeatureCapture(Transformer target, Drafter drafter, FeatureSet states, IReadOnlyList<int[]> documents, ModelVocabulary vocabulary, (int Length, FeatureData Data, ulong Seed) plan)
    {
        (_documents, _data, _seed) = (documents, plan.Data, plan.Seed);
        _rows = new RowStream(documents, plan.Length, plan.Seed);
        (_reading, _writing) = (new RecordingDrafter(new NoneDrafter(), states), new RecordingDrafter(drafter, states));
        (_reader, _writer) = (new Decoder(target, _reading, new Coupled()), new Decoder(target, _writing, new Coupled()));
        _lines = new FirstLines(vocabulary);
    }

    /// <summary>Fills rows <paramref name="first"/>, <paramref name="first"/> + 1 …</summary>
    /// <param name="first">Number of the first row.</param>
    /// <param name="rows">Empty rows.</param>
    /// <param name="heldOut">Whether their documents are always apart, as those of held-out rows are.</param>
    public void Fill(long first, ReadOnlySpan<FeatureRow> rows, bool heldOut)
    {
        var written = new List<(long Number, FeatureRow Row)>();
        var sequences = new List<Sequence>();
        for (int r = 0; r < rows.Length; r++)
        {
            long number = first + r;
            rows[r].Apart = heldOut || DocumentRows.IsApart(number);
            if (FeatureManifest.IsWritten(_data, number)) written.Add((number, rows[r]));
            else Read(number, rows[r], sequences);
        }
        _reader.Run([.. sequences]);
        if (written.Count > 0) Write(written);
    }

    /// <summary>One sequence for each part of a row that is seen as one; its last token is only what comes after the last input.</summary>
    private void Read(long number, FeatureRow row, List<Sequence> sequences)
    {
        _rows.Row(number).CopyTo(row.Tokens);
        int length = row.Tokens.Length - 1, start = 0;
        for (int end = 1; end <= length; end++)
        {
            if (end < length && !(row.Apart && row.Tokens[end] == BpeVocabulary.EndOfText)) continue;
            var part = new Sequence(row.Tokens.AsSpan(start, end - start), new SequenceOptions { MaxTokens = 1, Sampling = SamplingSettings.Greedy });
            _reading.Place(part, row, start);
            sequences.Add(part);
            start = end;
        }
    }

    /// <summary>Fills rows with what the target writes after first lines, one document of each row side by side.</summary>
    private void Write(List<(long Number, FeatureRow Row)> rows)
    {
        var filled = new int[rows.Count];
        for (int document = 0; rows.Count > 0; document++)
        {
            var open = new List<(int Row, Sequence Text)>();
            for (int r = 0; r < rows.Count; r++)
            {
                if (filled[r] >= rows[r].Row.Tokens.Length) continue;
                rows[r].Row.Apart = true;
                open.Add((r, Begin(rows[r].Number, document, rows[r].Row, filled[r])));
            }
            if (open.Count == 0) return;
            _writer.Run([.. open.Select(o => o.Text)]);
            foreach ((int r, Sequence text) in open)
            {
                // The end of text is the beginning of the document after it.
                ReadOnlySpan<int> tokens = text.Tokens;
                if (tokens.Length > 1 && tokens[^1] == BpeVocabulary.EndOfText) tokens = tokens[..^1];
                tokens = tokens[..Math.Min(tokens.Length, rows[r].Row.Tokens.Length - filled[r])];
                tokens.CopyTo(rows[r].Row.Tokens.AsSpan(filled[r]));
                filled[r] += tokens.Length;
            }
        }
    }

    private Sequence Begin(long number, int document, FeatureRow row, int filled)
    {
        ulong state = _seed ^ ((ulong)number << 20) ^ (ulong)document;
        int[] source = _documents[(int)(SplitMix.Next(ref state) % (ulong)_documents.Count)];
        int line = _lines.Of(source).Length, left = row.Tokens.Length - filled;
        // A first line that leaves no room for an answer is read as it is.
        int prompt = Math.Min(line, Math.Max(1, left - 1));
        var text = new Sequence(source.AsSpan(0, prompt), new SequenceOptions
        {
            MaxTokens = Math.Max(1, left - prompt),
            Sampling = SamplingSettings.Plain,
            Seed = SplitMix.Next(ref state),
            StopTokens = [BpeVocabulary.EndOfText],
        });
        _writing.Place(text, row, filled);
        return text;
    }
}
