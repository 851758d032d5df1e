using System.Text;
using System.Text.RegularExpressions;
using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Formats;

public partial class SafetensorsFuzzTests
{
    private const string Header = """{"__metadata__":{"format":"pt","made by":"ü\n"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[24,28]},"c.weight":{"dtype":"F16","shape":[2,1,2],"data_offsets":[28,36]},"d":{"dtype":"I64","shape":[],"data_offsets":[36,44]}}""";
    private const string Index = """{"metadata":{"total_size":36},"weight_map":{"a":"percheron-shard","b":"percheron-shard","d":"percheron-shard"}}""";

    private static readonly string[] Pieces =
    [
        "0", "-1", "1", "24", "44", "4294967296", "9223372036854775807", "18446744073709551615", "1e3", "2.5", "-0", "null", "true", "{}", "[]", "[1]", "\"a\"", "\"F32\"", "\"I64\"", "\"dtype\"",
        "\"__metadata__\"", "\"\\ud800\"", "\"\"", "{", "}", "[", "]", ",", ":", "\"", "\\", "\0", "[[[[[[[[[[[[[[[[[[[[", "\"..\"", "\"/\"",
    ];

    [Fact]
    public void Damaged_bytes_open_or_are_refused()
    {
        byte[] sound = SafetensorsFileTests.Build(Header, new byte[44]);
        Mutator mutator = new(sound, [(0, 8), (0, 4), (0, 2), (0, 1)], sound.Length - 44);
        Fuzzing.Run(0.4, mutator.Mutate, Touch);
    }

    [Fact]
    public void Damaged_headers_open_or_are_refused()
    {
        int opened = Fuzzing.Run(0.4, number => SafetensorsFileTests.Build(Replace(Header, number), new byte[44]), Touch);
        Assert.InRange(opened, 10, int.MaxValue);
    }

    [Fact]
    public void Damaged_indices_open_or_are_refused()
    {
        using TemporaryFile shard = new(SafetensorsFileTests.Build(Header, new byte[44]));
        string sound = Index.Replace("percheron-shard", Path.GetFileName(shard.Path));
        string index = shard.Path + ".json";
        try
        {
            int opened = Fuzzing.Run(0.2, number => Encoding.UTF8.GetBytes(Replace(sound, number)), path =>
            {
                File.Copy(path, index, overwrite: true);
                Rename(index, path, () => Touch(index));
            });
            Assert.InRange(opened, 5, int.MaxValue);
        }
        finally
        {
            File.Delete(index);
        }
    }

    /// <summary>Replaces one to three tokens of the JSON by others.</summary>
    private static string Replace(string json, int number)
    {
        Random random = new(number);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            MatchCollection tokens = Token().Matches(json);
            if (tokens.Count == 0) break;
            Match token = tokens[random.Next(tokens.Count)], other = tokens[random.Next(tokens.Count)];
            string piece = random.Next(3) switch { 0 => other.Value, 1 => token.Value + other.Value, _ => Pieces[random.Next(Pieces.Length)] };
            json = string.Concat(json.AsSpan(0, token.Index), piece, json.AsSpan(token.Index + token.Length));
        }
        return json;
    }

    private static void Touch(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (SafetensorsInfo tensor in file.Tensors)
        {
            if (tensor.Type is SafetensorsType.F32 or SafetensorsType.F16 or SafetensorsType.BF16) file.ReadFloats(tensor);
            else Assert.Throws<ModelFormatException>(() => file.ReadFloats(tensor));
        }
    }

    /// <summary>The index needs its ending, so it is read from a copy; errors are told about the original.</summary>
    private static void Rename(string copy, string original, Action read)
    {
        try
        {
            read();
        }
        catch (ModelFormatException fault) when (fault.FileName == copy)
        {
            throw new ModelFormatException(original, fault.Offset, fault.Reason);
        }
    }

    [GeneratedRegex("""[0-9]+|"(\\.|[^"\\])*"|[{}\[\],:]""")]
    private static partial Regex Token();
}
