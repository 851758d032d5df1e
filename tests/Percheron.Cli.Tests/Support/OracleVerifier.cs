using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Cli.Tests.Support;

/// <summary>Needs a model that no host supplies: <c>verifiers</c> lists it all the same.</summary>
[Method(Source = "Percheron.Cli.Tests", Examples = ["oracle-verifier(@judge.gguf)"])]
public sealed class OracleVerifier(IModel judge) : Verifier
{
    public IModel Judge { get; } = judge;

    public override bool IsLossless => false;

    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => new([], target.Law(0).Tokens[0]);
}
