namespace Percheron.Tests.Support;

/// <summary>
/// Python's <c>random.Random(seed).random()</c>: the Mersenne Twister MT19937 seeded by an array of one word, 53 bits at a time. It makes the toy laws on which the project's
/// scripts enumerated what every rule accepts, so that their numbers can be asserted here.
/// </summary>
internal sealed class PythonRandom
{
    private const int N = 624;
    private readonly uint[] _state = new uint[N];
    private int _at = N;

    public PythonRandom(uint seed)
    {
        _state[0] = 19650218;
        for (uint i = 1; i < N; i++) _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + i;
        int at = 1;
        for (int k = 0; k < N; k++)
        {
            _state[at] = (_state[at] ^ ((_state[at - 1] ^ (_state[at - 1] >> 30)) * 1664525)) + seed;
            at = Next(at);
        }
        for (int k = 0; k < N - 1; k++)
        {
            _state[at] = (_state[at] ^ ((_state[at - 1] ^ (_state[at - 1] >> 30)) * 1566083941)) - (uint)at;
            at = Next(at);
        }
        _state[0] = 0x80000000;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform()
    {
        uint a = Word() >> 5, b = Word() >> 6;
        return ((a * 67108864.0) + b) / 9007199254740992.0;
    }

    private int Next(int at)
    {
        if (++at < N) return at;
        _state[0] = _state[N - 1];
        return 1;
    }

    private uint Word()
    {
        if (_at == N) Twist();
        uint y = _state[_at++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    private void Twist()
    {
        for (int i = 0; i < N; i++)
        {
            uint y = (_state[i] & 0x80000000) | (_state[(i + 1) % N] & 0x7fffffff);
            _state[i] = _state[(i + 397) % N] ^ (y >> 1) ^ ((y & 1) * 0x9908b0df);
        }
        _at = 0;
    }
}
