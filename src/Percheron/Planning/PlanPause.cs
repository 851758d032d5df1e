namespace Percheron.Planning;

/// <summary>Why a step drafted less than a drafter could.</summary>
public enum PlanPause
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>Drafts had cost all that may be lost against plain decoding.</summary>
    Loss,

    /// <summary>A drafter wins less than its model takes; it is tried again now and then.</summary>
    Drafter,

    /// <summary>A row costs more than a token is worth: the machine is busy with the batch as it is.</summary>
    Rows,

    /// <summary>The draft model would have to read more than the tokens to come can pay for.</summary>
    Reading,
}
