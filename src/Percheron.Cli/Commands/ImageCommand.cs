using System.CommandLine;
using System.Globalization;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Codecs;
using Percheron.Codecs.Images;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron image</c>: draws what a caption says.</summary>
internal static class ImageCommand
{
    private const string Example = "a red circle above a blue square";
    private const string Palette = "palette";
    private const int MostPictures = 1024;

    public static Command Create(Terminal terminal)
    {
        Command command = new("image", "Draws a picture of a caption, code by code in raster order, and writes it as PNG. The codes are those of plain decoding, speculation on or off.");
        CodeFlags flags = new(EmbeddedModels.Pictures, ("CAPTION", $"What is to be seen, such as \"{Example}\"."), "out.png");
        Option<string> grid = new("--grid") { Description = "Several pictures in one file, COLUMNSxROWS, as one batch; each has a seed of its own, with which it comes out the same alone.", HelpName = "CxR", DefaultValueFactory = _ => "1x1" };
        flags.AddTo(command);
        command.Add(grid);
        Help.Attach(command, terminal, $"percheron image \"{Example}\" -o out.png");
        command.SetAction(parsed =>
        {
            string caption = flags.ReadCondition(parsed), file = flags.ReadOutput(parsed);
            (int columns, int rows) = Grid(parsed.GetValue(grid)!);
            int repeats = flags.ReadRepeats(parsed);
            flags.Sampling.Read(parsed);
            using CodeSession session = flags.Open(parsed, terminal, CodeLayout.Image, columns * rows);
            IPictureCodec codec = Codec(session);
            GenerationRequest request = new()
            {
                Prompt = session.Prompt(caption), Sampling = flags.Sampling.Read(parsed), Seed = flags.Sampling.ReadSeed(parsed), Samples = columns * rows,
                MaxTokens = session.Codes.Width * session.Codes.Height, IgnoreEos = true, Constraint = session.Constraint(ends: false),
            };
            if (request.Prompt.Length + request.MaxTokens > session.Host.Target.ContextLength + 1)
                throw new Failure($"the caption has {request.Prompt.Length} tokens, and this model reads {session.Host.Target.ContextLength}, of which a picture takes {request.MaxTokens}: shorten it.");
            CodeRun run = CodeRun.Do(session, flags, parsed, terminal, request, repeats, (done, all) => $"row {done * session.Codes.Height / all} of {session.Codes.Height}");
            Picture[] pictures = [.. run.Samples.Select(sample => Decode(codec, session.Codes, sample.Tokens))];
            Picture picture = pictures.Length == 1 ? pictures[0] : Picture.Grid(pictures, columns);
            PngWriter.Write(file, picture);
            if (flags.ReadJson(parsed)) Json.Write(terminal, ArtefactReport.Of(run, file, caption, session));
            else terminal.Note($"picture   {file}, {picture.Width} × {picture.Height} pixels");
            return run.Judge();
        });
        return command;
    }

    private static (int Columns, int Rows) Grid(string text)
    {
        string[] parts = text.Split('x', 'X', '×');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int columns) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int rows)
            && columns > 0 && rows > 0 && (long)columns * rows <= MostPictures
            ? (columns, rows)
            : throw Failure.Usage($"--grid takes COLUMNSxROWS, such as 4x4, of at most {MostPictures} pictures, not '{text}'.");
    }

    /// <summary>The codec of a model of pictures.</summary>
    /// <exception cref="Failure">It is not there, or belongs to another model.</exception>
    public static IPictureCodec Codec(CodeSession session)
    {
        if (session.Codec != Palette && !File.Exists(session.Codec)) throw new Failure($"there is no codec at '{session.Codec}', without which codes are no picture; name one with --codec.");
        IPictureCodec codec = session.Codec == Palette ? new PaletteCodec(session.Codes.Width, session.Codes.Height) : VqCodec.Open(session.Codec);
        return (codec.Width, codec.Height, codec.Count) == (session.Codes.Width, session.Codes.Height, session.Codes.Count)
            ? codec
            : throw new Failure($"'{session.Codec}' has {codec.Width} × {codec.Height} codes of {codec.Count}, and the model {session.Codes.Width} × {session.Codes.Height} of {session.Codes.Count}: they do not belong together.");
    }

    // A picture that was stopped is what there is of it.
    private static Picture Decode(IPictureCodec codec, CodeLayout codes, int[] tokens)
    {
        Picture picture = new(codec.PictureWidth, codec.PictureHeight);
        codec.Decode([.. tokens.Select(token => codes.Code(token).Code)], picture);
        return picture;
    }
}
