using System.Globalization;

namespace Percheron.Models;

/// <summary>Which halves of which layers a view runs, its attentions and its feed-forward layers. They may be switched between two uses of an overlay, never while it holds rows.</summary>
public sealed class LayerSwitches
{
    private readonly bool[] _attention, _feedForward;

    /// <summary>Everything runs.</summary>
    /// <param name="layers">Layers of the whole model.</param>
    public LayerSwitches(int layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        (_attention, _feedForward) = (new bool[layers], new bool[layers]);
        Array.Fill(_attention, true);
        Array.Fill(_feedForward, true);
    }

    /// <summary>Layers of the whole model.</summary>
    public int Layers => _attention.Length;

    /// <summary>Halves there are: two of each layer.</summary>
    public int Halves => 2 * Layers;

    /// <summary>Halves that are left out.</summary>
    public int Skipped
    {
        get
        {
            int count = 0;
            for (int half = 0; half < Halves; half++)
                if (!this[half]) count++;
            return count;
        }
    }

    /// <summary>Whether a half runs: 2 · layer is the attention of a layer, 2 · layer + 1 its feed-forward layer.</summary>
    public bool this[int half]
    {
        get => half % 2 == 0 ? _attention[half / 2] : _feedForward[half / 2];
        set => (half % 2 == 0 ? _attention : _feedForward)[half / 2] = value;
    }

    /// <summary>The set that a name leaves out: a3-m5 is the attention of layer 3 and the feed-forward layer (MLP) of layer 5.</summary>
    /// <exception cref="ArgumentException">Nothing of that name can be left out.</exception>
    public static LayerSwitches Parse(string skip, int layers)
    {
        LayerSwitches switches = new(layers);
        foreach (string part in skip.Split('-', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part[0] is not ('a' or 'm') || !int.TryParse(part.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int layer) || layer >= layers)
                throw new ArgumentException($"layers that are left out are named as in a1-m2, below {layers}, not '{part}'", nameof(skip));
            switches[(2 * layer) + (part[0] == 'a' ? 0 : 1)] = false;
        }
        return switches;
    }

    /// <summary>The name that <see cref="Parse"/> takes.</summary>
    public override string ToString() =>
        string.Join('-', Enumerable.Range(0, Halves).Where(half => !this[half]).Select(half => (half % 2 == 0 ? "a" : "m") + (half / 2).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Takes over the switches of a model with as many layers.</summary>
    public void CopyFrom(LayerSwitches other)
    {
        other._attention.CopyTo(_attention, 0);
        other._feedForward.CopyTo(_feedForward, 0);
    }
}
