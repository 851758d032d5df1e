using System.Text.Json;

namespace Percheron.Codecs.HuggingFace;

/// <summary>Which tokens begin and end a text: the <c>post_processor</c>, and <c>tokenizer_config.json</c> beside the file.</summary>
internal sealed class SpecialTokensJson
{
    private static readonly string[] UsualBos = ["<s>", "<|begin_of_text|>", "<bos>", "<|startoftext|>", "<｜begin▁of▁sentence｜>"];
    private static readonly string[] UsualEos = ["</s>", "<|end_of_text|>", "<|endoftext|>", "<eos>", "<｜end▁of▁sentence｜>"];

    private readonly JsonFields _fields;
    private readonly VocabularyBuilder _vocabulary;

    public SpecialTokensJson(JsonFields fields, JsonElement root, VocabularyBuilder vocabulary)
    {
        (_fields, _vocabulary) = (fields, vocabulary);
        if (JsonFields.Has(root, "post_processor", out JsonElement post)) ReadPost(post);
        string config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(fields.Path))!, "tokenizer_config.json");
        if (File.Exists(config)) JsonFields.Read(config, ReadConfig);
        Bos ??= Usual(UsualBos);
        Eos ??= Usual(UsualEos);
    }

    public int? Bos { get; private set; }

    public int? Eos { get; private set; }

    public int? Unknown { get; private set; }

    public int? Pad { get; private set; }

    public bool AddBos { get; private set; }

    public bool AddEos { get; private set; }

    private int? Usual(string[] texts)
    {
        foreach (string text in texts)
            if (_vocabulary.TryGetId(text, out int id)) return id;
        return null;
    }

    private void ReadPost(JsonElement post)
    {
        switch (_fields.Text(post, "type"))
        {
            case "Sequence":
                foreach (JsonElement item in _fields.Items(post, "processors")) ReadPost(item);
                break;
            case "TemplateProcessing":
                ReadTemplate(post);
                break;
            case "RobertaProcessing" or "BertProcessing":
                (Bos, AddBos) = (Known(_fields.Text(_fields.Items(post, "cls").First(), "cls", 0)), true);
                (Eos, AddEos) = (Known(_fields.Text(_fields.Items(post, "sep").First(), "sep", 0)), true);
                break;
        }
    }

    private void ReadTemplate(JsonElement post)
    {
        bool afterText = false;
        foreach (JsonElement item in _fields.Items(post, "single"))
        {
            if (JsonFields.Has(item, "Sequence", out _))
            {
                afterText = true;
                continue;
            }
            int id = Known(_fields.Text(_fields.Member(item, "SpecialToken", JsonValueKind.Object), "id"));
            if (afterText ? AddEos : AddBos) throw _fields.Fault("a template that adds several tokens before or after a text is not supported");
            if (afterText) (Eos, AddEos) = (id, true);
            else (Bos, AddBos) = (id, true);
        }
    }

    private bool ReadConfig(JsonFields config, JsonElement root)
    {
        Bos = Named(config, root, "bos_token") ?? Bos;
        Eos = Named(config, root, "eos_token") ?? Eos;
        Unknown = Named(config, root, "unk_token");
        Pad = Named(config, root, "pad_token");
        AddBos = config.Flag(root, "add_bos_token", AddBos);
        AddEos = config.Flag(root, "add_eos_token", AddEos);
        return true;
    }

    private int? Named(JsonFields config, JsonElement root, string name)
    {
        if (!JsonFields.Has(root, name, out JsonElement token)) return null;
        string text = token.ValueKind == JsonValueKind.Object ? config.Text(token, "content") : config.Text(root, name);
        return _vocabulary.TryGetId(text, out int id) ? id : null;
    }

    private int Known(string token) => _vocabulary.TryGetId(token, out int id) ? id : throw _fields.Fault($"the post-processor names '{token}', which is no token");
}
