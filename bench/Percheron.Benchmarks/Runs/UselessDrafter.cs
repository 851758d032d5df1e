using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;

namespace Percheron.Benchmarks.Runs;

/// <summary>A draft model at its full price whose candidates are never what the target says.</summary>
[Method(Source = "hostile input; no method")]
public sealed class UselessDrafter : Drafter
{
    private readonly ModelDrafter _inner;

    /// <param name="draft">Whose price is paid.</param>
    /// <param name="depth">Levels.</param>
    public UselessDrafter(IModel draft, int depth = 7) => _inner = new ModelDrafter(new ScrambledModel(draft), depth, confidence: 0);

    public override IModel? Model => _inner.Model;

    public override void Draft(ReadOnlySpan<DraftSlot> batch) => _inner.Draft(batch);

    public override void Observe(in Step step) => _inner.Observe(step);

    public override void Release(Sequence sequence) => _inner.Release(sequence);
}
