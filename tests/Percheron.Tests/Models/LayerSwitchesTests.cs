using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

public class LayerSwitchesTests
{
    private static readonly TinyModel Three = TinyModel.Llama with { Layers = 3 };

    private static readonly int[] Tokens = ModelRunner.Tokens(12, Three.Vocab);

    [Fact]
    public void A_layer_without_both_halves_is_a_layer_left_out()
    {
        using TinyFile file = Three.Build();
        using Transformer model = file.Load(2);
        var switches = new LayerSwitches(3);
        using ModelView switched = model.View(new ViewOptions { Switches = switches }), fewer = model.View([0, 2]);
        using KvCache cache = model.NewCache(), one = cache.NewOverlay(), other = cache.NewOverlay();
        ModelRunner.Sequence(model, cache, Tokens);
        Assert.Equal(Answer(model, one), Answer(switched, other));
        (switches[2], switches[3]) = (false, false);
        Assert.Equal(2, switches.Skipped);
        Assert.Equal(Answer(fewer, one), Answer(switched, other));
        (switches[2], switches[3]) = (true, true);
        Assert.Equal(Answer(model, one), Answer(switched, other));
    }

    [Fact]
    public void Each_half_matters_by_itself()
    {
        using TinyFile file = Three.Build();
        using Transformer model = file.Load();
        var switches = new LayerSwitches(3);
        using ModelView view = model.View(new ViewOptions { Switches = switches });
        using KvCache cache = model.NewCache(), overlay = cache.NewOverlay();
        ModelRunner.Sequence(model, cache, Tokens);
        var answers = new List<float[]> { Answer(view, overlay) };
        for (int half = 0; half < switches.Halves; half++)
        {
            switches[half] = false;
            answers.Add(Answer(view, overlay));
            switches[half] = true;
        }
        Assert.Equal(7, answers.Select(a => string.Join(' ', a)).Distinct().Count());
    }

    [Fact]
    public void Switches_of_another_model_are_refused()
    {
        using TinyFile file = Three.Build();
        using Transformer model = file.Load();
        Assert.Throws<ArgumentException>(() => model.View(new ViewOptions { Switches = new LayerSwitches(4) }));
    }

    private static float[] Answer(IModel model, KvCache overlay)
    {
        Rows rows = new();
        rows.Reset(overlay);
        rows.Add(5, -1, logits: false);
        rows.Add(6, 0, logits: true);
        model.Forward([rows]);
        float[] answer = rows.Logits(1).ToArray();
        overlay.Commit([]);
        return answer;
    }
}
