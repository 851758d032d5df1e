using System.CommandLine;
using Percheron.Training.Commands;

var root = new RootCommand("percheron-train: trains the models of this repository from the .NET documentation.");
root.Subcommands.Add(TokenizerCommand.Create());
root.Subcommands.Add(TargetCommand.Create());
return await root.Parse(args).InvokeAsync();
