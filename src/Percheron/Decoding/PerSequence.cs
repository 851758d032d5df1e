using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Percheron.Decoding;

/// <summary>State of a drafter or verifier for each sequence; it dies with the sequence or by <see cref="Release"/>, whichever comes first.</summary>
public sealed class PerSequence<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(Func<Sequence, T> create) where T : class
{
    private readonly ConditionalWeakTable<Sequence, T> _states = [];

    /// <summary>The state of <paramref name="sequence"/>, made on first use.</summary>
    public T this[Sequence sequence]
    {
        get
        {
            if (!_states.TryGetValue(sequence, out T? state)) _states.Add(sequence, state = create(sequence));
            return state;
        }
    }

    /// <summary>The state of <paramref name="sequence"/> if there is one.</summary>
    public bool TryGet(Sequence sequence, [NotNullWhen(true)] out T? state) => _states.TryGetValue(sequence, out state);

    /// <summary>Forgets the state of <paramref name="sequence"/> and disposes it if it can be disposed.</summary>
    public void Release(Sequence sequence)
    {
        if (!_states.TryGetValue(sequence, out T? state)) return;
        _states.Remove(sequence);
        (state as IDisposable)?.Dispose();
    }
}
