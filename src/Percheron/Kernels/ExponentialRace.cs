using System.Numerics;
using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// A race of tokens: token x arrives at −ln u ÷ p(x), where u in (0, 1] is a pure function of key, position and x (<see cref="Philox4x32"/>). The first to arrive is
/// distributed by p.
/// </summary>
/// <remarks>
/// −ln u ≥ 1 − u, so a token of which even (1 − u) ÷ p comes too late has lost, and the upper bits of u say so without a logarithm. Sixteen tokens at once are looked at that
/// way; the times of the few that are left are computed one by one, in double precision, in the order of the tokens. The result is that of computing all.
/// </remarks>
internal static unsafe class ExponentialRace
{
    // Covers every rounding between the exact bound and the float comparison.
    private const double Slack = 1 + 1e-6;

    /// <summary>
    /// The indices of the first <paramref name="winners"/>.Length tokens to arrive, in order; the lower index wins a tie. Tokens of probability 0 never arrive. Returns how
    /// many there are; <paramref name="times"/> is room for as many times.
    /// </summary>
    public static int First(ulong key, ulong position, ReadOnlySpan<int> tokens, ReadOnlySpan<float> probabilities, Span<int> winners, Span<double> times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(probabilities.Length, tokens.Length, nameof(probabilities));
        ArgumentOutOfRangeException.ThrowIfLessThan(times.Length, winners.Length, nameof(times));
        if (winners.IsEmpty) return 0;
        Standing standing = new(key, position, winners, times[..winners.Length]);
        fixed (int* t = tokens)
        fixed (float* p = probabilities)
        {
            switch (InstructionSet.Active)
            {
                case InstructionLevel.Avx512: Run<Products512, Lanes512>(t, p, tokens.Length, ref standing); break;
                case InstructionLevel.Avx2: Run<Products256, Lanes256>(t, p, tokens.Length, ref standing); break;
                case InstructionLevel.AdvSimd: Run<Products128, Lanes128>(t, p, tokens.Length, ref standing); break;
                default: Run<ProductsScalar, LanesScalar>(t, p, tokens.Length, ref standing); break;
            }
        }
        return standing.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TProducts, TLanes>(int* tokens, float* probabilities, int count, ref Standing standing)
        where TProducts : unmanaged, IProducts<TProducts>
        where TLanes : unmanaged, ILanes<TLanes>
    {
        int* bits = stackalloc int[16];
        ulong* keys = stackalloc ulong[2 * Philox4x32.Rounds];
        for (int round = 0; round < Philox4x32.Rounds; round++)
        {
            keys[2 * round] = (uint)standing.Key + ((uint)round * Philox4x32.W0);
            keys[(2 * round) + 1] = (uint)(standing.Key >> 32) + ((uint)round * Philox4x32.W1);
        }
        TLanes unit = TLanes.Broadcast(1f / (1 << 24));
        int whole = count & ~15, rest = count & 15;
        for (int i = 0; i < whole; i += 16)
        {
            Complements<TProducts>(keys, standing.Position, tokens + i, bits);
            TLanes bound = TLanes.Multiply(TLanes.FromIntegers(TLanes.Load((float*)bits)), unit);
            uint late = TLanes.Above(bound, TLanes.Multiply(TLanes.Broadcast(standing.Limit), TLanes.Load(probabilities + i)));
            for (uint left = ~late & 0xFFFF; left != 0; left &= left - 1)
            {
                int at = i + BitOperations.TrailingZeroCount(left);
                standing.Arrive(at, tokens[at], probabilities[at]);
            }
        }
        for (int i = count - rest; i < count; i++) standing.Arrive(i, tokens[i], probabilities[i]);
    }

    // The upper bits of 1 − u for sixteen tokens: Philox whose counter is the token and the position. The first round's second product is the same for all tokens, and
    // of the last two rounds only what leads to the second word is computed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Complements<TProducts>(ulong* keys, ulong position, int* tokens, int* bits)
        where TProducts : unmanaged, IProducts<TProducts>
    {
        ulong common = (ulong)Philox4x32.M1 * (uint)position;
        TProducts p0 = TProducts.Multiply(TProducts.Load(tokens), Philox4x32.M0);
        TProducts c0 = TProducts.Broadcast((uint)((common >> 32) ^ keys[0])), c1 = TProducts.Broadcast((uint)common);
        TProducts c2 = TProducts.Mix(p0, TProducts.Broadcast((uint)(position >> 32)), keys[1]), c3 = p0;
        ulong* last = keys + (2 * (Philox4x32.Rounds - 2));
        for (ulong* key = keys + 2; key < last; key += 2)
        {
            p0 = TProducts.Multiply(c0, Philox4x32.M0);
            TProducts p1 = TProducts.Multiply(c2, Philox4x32.M1);
            c0 = TProducts.Mix(p1, c1, key[0]);
            c1 = p1;
            c2 = TProducts.Mix(p0, c3, key[1]);
            c3 = p0;
        }
        c2 = TProducts.Mix(TProducts.Multiply(c0, Philox4x32.M0), c3, last[1]);
        TProducts.StoreComplement(TProducts.Multiply(c2, Philox4x32.M1), bits);
    }

    // Who has arrived so far, first first.
    private ref struct Standing(ulong key, ulong position, Span<int> winners, Span<double> times)
    {
        private readonly Span<int> _winners = winners;
        private readonly Span<double> _times = times;

        public readonly ulong Key => key;

        public readonly ulong Position => position;

        public int Count { get; private set; }

        // A token of which 1 − u exceeds this times its probability arrives too late.
        public float Limit { get; private set; } = float.PositiveInfinity;

        public void Arrive(int index, int token, float probability)
        {
            if (!(probability > 0)) return;
            double time = -Math.Log(Philox4x32.Uniform(key, (uint)token, position)) / probability;
            if (Count == _times.Length && !(time < _times[^1])) return;
            int at = Count < _times.Length ? Count++ : Count - 1;
            for (; at > 0 && time < _times[at - 1]; at--) (_times[at], _winners[at]) = (_times[at - 1], _winners[at - 1]);
            (_times[at], _winners[at]) = (time, index);
            if (Count == _times.Length) Limit = (float)(_times[^1] * Slack);
        }
    }
}
