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

    /// <summary>Takes over the switches of a model with as many layers.</summary>
    public void CopyFrom(LayerSwitches other)
    {
        other._attention.CopyTo(_attention, 0);
        other._feedForward.CopyTo(_feedForward, 0);
    }
}
