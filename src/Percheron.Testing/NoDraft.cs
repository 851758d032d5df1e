using Percheron.Decoding;

namespace Percheron.Testing;

// Plain decoding, the reference of every check.
internal sealed class NoDraft : Drafter;
