namespace Percheron.Testing;

/// <summary>One thing the conformance suite looked at.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Ok">Whether it holds.</param>
/// <param name="Detail">The first case where it does not, or the number that was measured.</param>
public sealed record Finding(string Name, bool Ok, string Detail)
{
    /// <summary>Runs a check that answers with what is wrong, or null; whatever it throws is wrong too.</summary>
    internal static Finding Of(string name, Func<string?> wrong, string right = "")
    {
        try
        {
            return wrong() is { } detail ? new Finding(name, false, detail) : new Finding(name, true, right);
        }
        catch (Exception e)
        {
            return new Finding(name, false, $"{e.GetType().Name}: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Ok ? "ok  " : "FAIL")} {Name}{(Detail.Length > 0 ? ": " + Detail : "")}";
}
