namespace Percheron.Models;

/// <summary>The table of a rotary embedding that a model and its views share; it grows with the positions seen.</summary>
internal sealed class RopeTables(RopeConfig config, int contextLength)
{
    private const int FewestPositions = 128;
    private RopeTable? _table;

    /// <summary>A table of at least <paramref name="positions"/> positions. Forwards under way keep the table they have.</summary>
    public RopeTable Reaching(int positions)
    {
        RopeTable? table = Volatile.Read(ref _table);
        if (table is not null && table.Positions >= positions) return table;
        long doubled = Math.Max(FewestPositions, 2L * (table?.Positions ?? 0));
        table = new RopeTable(config, (int)Math.Max(positions, Math.Min(doubled, contextLength)));
        Volatile.Write(ref _table, table);
        return table;
    }
}
