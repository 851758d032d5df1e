namespace Percheron.Models.Heads;

/// <summary>A model that says, beside its answer, how likely a token drawn from that answer is to be accepted; known before one is drawn.</summary>
public interface IConfident
{
    /// <summary>A probability for a scratch row whose logits were wanted; NaN where the model cannot say.</summary>
    float Confidence(KvCache cache, int row);
}
