namespace Percheron.Cli.Hosting;

/// <summary>A file that is loaded beside the target.</summary>
/// <param name="Path">A GGUF file, or the folder of a head as it is published.</param>
/// <param name="ReadsStates">Whether it keeps the target's hidden states of what it has not read yet.</param>
internal readonly record struct BesideFile(string Path, bool ReadsStates);
