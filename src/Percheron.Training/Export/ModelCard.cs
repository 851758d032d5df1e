using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Percheron.Training.Evaluation;
using Percheron.Training.Runs;
using TorchSharp;

namespace Percheron.Training.Export;

/// <summary>What lies beside every exported model as <c>NAME.card.json</c>: what it is, what it was made from and how, what was measured, and which program made it.</summary>
public sealed record ModelCard
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The model's file name.</summary>
    public required string File { get; init; }

    /// <summary>What was trained, with its options, such as <c>medusa(heads=4)</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How the command line uses it; null for a target.</summary>
    public string? Drafter { get; init; }

    /// <summary>Number of parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>File name and SHA-256 of the target it learned from; null for a target.</summary>
    public string? Target { get; init; }

    /// <summary>The text it learned from.</summary>
    public required string Data { get; init; }

    /// <summary>What was minimised and at what rates.</summary>
    public required object Recipe { get; init; }

    /// <summary>Where the run ended and what was best.</summary>
    public required RunState Run { get; init; }

    /// <summary>Held-out acceptance by the library's engine, verifier <c>coupled</c>; null for a target.</summary>
    public IReadOnlyList<AcceptanceAt>? Acceptance { get; init; }

    /// <summary>How acceptance was measured.</summary>
    public string? Measured { get; init; }

    /// <summary>Bytes of the file.</summary>
    public long Bytes { get; private init; }

    /// <summary>Which program made it, from what arguments.</summary>
    public IReadOnlyDictionary<string, string>? Provenance { get; private init; }

    /// <summary>Where the card of a model lies.</summary>
    public static string PathOf(string model) => Path.ChangeExtension(model, ".card.json");

    /// <summary>Writes the card beside its model, which must be there already.</summary>
    /// <param name="model">The model's file.</param>
    public void Write(string model)
    {
        ModelCard whole = this with { Bytes = new FileInfo(model).Length, Provenance = Maker() };
        System.IO.File.WriteAllText(PathOf(model), JsonSerializer.Serialize(whole, Form) + "\n");
    }

    /// <summary>An argument without the folders of the machine it was given on: a rooted path is its last part.</summary>
    public static string Portable(string argument) => Path.IsPathRooted(argument) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(argument)) : argument;

    private static Dictionary<string, string> Maker()
    {
        // The build writes the commit behind the version.
        string version = typeof(ModelCard).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return new()
        {
            ["program"] = $"percheron-train {version.Split('+')[0]}",
            ["commit"] = version.Split('+') is [_, var commit, ..] ? commit : "unknown",
            ["arguments"] = string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(Portable)),
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
            ["torchsharp"] = typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "unknown",
            ["system"] = $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
        };
    }
}
