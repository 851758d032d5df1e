namespace Percheron.Evaluation.Translation;

/// <summary>Where the finite verb of a German clause stands.</summary>
internal enum Order
{
    /// <summary>Second, behind the subject.</summary>
    Subject,

    /// <summary>Second, behind the time, if there is one.</summary>
    Time,

    /// <summary>First: questions, and main clauses behind a subordinate one.</summary>
    Verb,

    /// <summary>Last: subordinate clauses.</summary>
    Last,
}
