namespace Percheron.Codecs;

/// <summary>How spaces become marks (U+2581) before a text is cut into words.</summary>
/// <param name="Prefix">Where a mark is put before the first word.</param>
/// <param name="EndsWords">Each mark begins a word; otherwise words end only where no token could reach across.</param>
internal sealed record SpaceMarks(SpacePrefix Prefix, bool EndsWords);
