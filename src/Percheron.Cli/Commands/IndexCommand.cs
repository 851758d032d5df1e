using System.CommandLine;
using System.Text;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Codecs;
using Percheron.Formats;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron index</c>: an index of a corpus, for drafters that copy.</summary>
internal static class IndexCommand
{
    // Characters that are tokenized together; a piece ends at a line, so that no word is cut.
    private const int Piece = 1 << 20;

    public static Command Create(Terminal terminal)
    {
        Command command = new("index", "An index of a corpus, for drafters that copy from it, such as rest(@OUT).");
        Argument<string> corpus = new("CORPUS") { Description = "A UTF-8 text file, or a folder whose files are documents." };
        Argument<string> output = new("OUT") { Description = "The file to write; replaced when it is complete." };
        Option<string?> model = new("--model", "-m") { Description = "Whose tokenizer: a GGUF file or a Hugging Face tokenizer.json. [default: the embedded model]", HelpName = "PATH" };
        JsonFlag json = new();
        command.Add(corpus);
        command.Add(output);
        command.Add(model);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron index docs/ docs.index && percheron generate --drafter \"rest(@docs.index)\" \"The\"");
        command.SetAction((parsed, cancellation) =>
        {
            Tokenizer tokenizer = ModelFile.ReadTokenizer(parsed.GetValue(model) ?? new EmbeddedModels(terminal.ModelsFolder).RequireTarget());
            IndexReport report = Index(parsed.GetRequiredValue(corpus), parsed.GetRequiredValue(output), tokenizer, terminal, cancellation);
            if (json.Read(parsed)) Json.Write(terminal, report);
            else terminal.Note($"{report.Output}: {report.Documents} documents, {report.Tokens:N0} tokens, {Quantity.Bytes(report.OutputBytes)}");
            return Task.FromResult(0);
        });
        return command;
    }

    private static IndexReport Index(string corpus, string output, Tokenizer tokenizer, Terminal terminal, CancellationToken cancellation)
    {
        string[] documents = Directory.Exists(corpus) ? [.. Directory.EnumerateFiles(corpus, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : File.Exists(corpus) ? [corpus] : throw new Failure($"there is no file or folder '{corpus}'.");
        if (documents.Length == 0) throw new Failure($"'{corpus}' is an empty folder; name one with text files.");
        ModelFile.RequireWritable(output);
        string partial = output + ".partial";
        try
        {
            long tokens;
            using (FileStream stream = new(partial, FileMode.Create, FileAccess.ReadWrite))
            {
                var writer = new CorpusIndexWriter(stream, tokenizer.VocabularySize, CorpusFile.Fingerprint(tokenizer));
                tokens = Read(documents, writer, tokenizer, terminal, cancellation);
                writer.Complete(Percentage.On(terminal), cancellation);
            }
            File.Move(partial, output, overwrite: true);
            return new IndexReport(corpus, output, documents.Length, tokens, new FileInfo(output).Length);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static long Read(string[] documents, CorpusIndexWriter writer, Tokenizer tokenizer, Terminal terminal, CancellationToken cancellation)
    {
        long all = documents.Sum(d => new FileInfo(d).Length), done = 0, tokens = 0;
        Percentage? progress = Percentage.On(terminal);
        var ids = new List<int>();
        var text = new char[Piece];
        foreach (string document in documents)
        {
            using StreamReader reader = new(document, Encoding.UTF8);
            int kept = 0;
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                int read = reader.ReadBlock(text, kept, text.Length - kept), count = kept + read;
                if (count == 0) break;
                int line = read > 0 && count == text.Length ? text.AsSpan(0, count).LastIndexOf('\n') + 1 : count;
                // A piece without a line end is cut where it is; one word may be tokenized in two parts.
                if (line == 0) line = char.IsHighSurrogate(text[count - 1]) ? count - 1 : count;
                ids.Clear();
                tokenizer.Encode(text.AsSpan(0, line), addSpecial: false, parseSpecial: false, ids);
                writer.Append(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids));
                tokens += ids.Count;
                text.AsSpan(line, kept = count - line).CopyTo(text);
                progress?.Report((done + Math.Min(reader.BaseStream.Position, all - done)) / (double)Math.Max(1, all));
                if (read == 0 && kept == 0) break;
            }
            writer.EndDocument();
            done += new FileInfo(document).Length;
        }
        return tokens;
    }
}
