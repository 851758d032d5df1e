using System.Text;
using Percheron.Codecs;
using Percheron.Models;

namespace Percheron.Testing;

/// <summary>
/// A toy with another vocabulary: its tokens have other numbers, and one more stands for the first two of the toy together. So a draft has the same opinions, in a language of
/// its own.
/// </summary>
internal sealed class RenamedModel(ToyModel inner) : IModel
{
    private const int Shift = 5;

    private readonly List<Rows> _pool = [];
    private Rows[] _rows = [];

    public int Vocab => inner.Vocab + 1;

    public int HiddenSize => inner.HiddenSize;

    public int LayerCount => inner.LayerCount;

    public int ContextLength => inner.ContextLength;

    /// <summary>What its tokens mean to a target like the toy.</summary>
    public VocabularyMap Map()
    {
        byte[][] pieces = [.. Enumerable.Range(0, inner.Vocab).Select(Spelling)];
        return new VocabularyMap(new TextVocabulary(pieces), new TextVocabulary([.. Enumerable.Range(0, inner.Vocab).Select(id => pieces[Toy(id)]), [.. pieces[0], .. pieces[1]]]));
    }

    public KvCache NewCache() => inner.NewCache();

    public void Forward(ReadOnlySpan<Rows> batch)
    {
        while (_pool.Count < batch.Length) _pool.Add(new Rows());
        if (_rows.Length < batch.Length) _rows = new Rows[batch.Length];
        for (int i = 0; i < batch.Length; i++)
        {
            Rows rows = _rows[i] = _pool[i];
            rows.Reset(batch[i].Cache, batch[i].Features);
            for (int row = 0; row < batch[i].Count; row++) rows.Add(Toy(batch[i].Tokens[row]), batch[i].Parents[row], batch[i].WantsLogits(row));
        }
        inner.Forward(_rows.AsSpan(0, batch.Length));
        for (int i = 0; i < batch.Length; i++) Answer(batch[i], _rows[i]);
    }

    private void Answer(Rows rows, Rows answers)
    {
        rows.PrepareOutputs(Vocab, HiddenSize);
        for (int row = 0; row < rows.Count; row++)
        {
            for (int k = 0; k < rows.Features.Count; k++) answers.Feature(row, k).CopyTo(rows.FeatureBuffer(row, k));
            if (!rows.WantsLogits(row)) continue;
            Span<float> logits = rows.LogitBuffer(row);
            for (int id = 0; id < inner.Vocab; id++) logits[id] = answers.Logits(row)[Toy(id)];
            logits[inner.Vocab] = -1;
        }
    }

    // The joint token is read as its second part.
    private int Toy(int id) => id == inner.Vocab ? 1 : (id + Shift) % inner.Vocab;

    private static byte[] Spelling(int toy) => Encoding.ASCII.GetBytes($"{(char)('A' + (toy / 26))}{(char)('a' + (toy % 26))}");
}
