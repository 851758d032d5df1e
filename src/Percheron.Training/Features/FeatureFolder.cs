namespace Percheron.Training.Features;

/// <summary>A folder of captured rows in the making: a chunk is there whole or not at all, and what is missing is made. Killed at any moment, the same call goes on.</summary>
public sealed class FeatureFolder
{
    private const int RowsAtOnce = 8;
    private readonly string _path;
    private readonly FeatureManifest _plan;

    /// <summary>Opens or begins a folder.</summary>
    /// <exception cref="ArgumentException">It holds rows that were captured in another way.</exception>
    public FeatureFolder(string path, FeatureManifest plan)
    {
        (_path, _plan) = (path, plan);
        Directory.CreateDirectory(path);
        if (FeatureManifest.Load(path) is not { } there) plan.Save(path);
        else if (!there.Same(plan)) throw new ArgumentException($"'{path}' holds states captured with other options. Give another --name, or delete it.");
    }

    /// <summary>Bytes still to be written.</summary>
    public long MissingBytes => Math.Max(0, _plan.Bytes - Directory.GetFiles(_path, "*.chunk").Sum(chunk => new FileInfo(chunk).Length));

    /// <summary>Makes the chunks of one split that are missing.</summary>
    /// <param name="capture">Fills the rows.</param>
    /// <param name="heldOut">Which split.</param>
    /// <param name="progress">Told how many rows were made, or were there.</param>
    /// <param name="cancel">Stops; the chunk in the making is lost.</param>
    /// <returns>False if it was stopped.</returns>
    public bool Make(FeatureCapture capture, bool heldOut, Action<int, bool> progress, CancellationToken cancel)
    {
        int count = heldOut ? _plan.HeldOutRows : _plan.Rows;
        for (int first = 0; first < count; first += _plan.RowsPerChunk)
        {
            FeatureRow[] rows = new FeatureRow[Math.Min(_plan.RowsPerChunk, count - first)];
            string path = _plan.Chunk(_path, heldOut, first);
            if (File.Exists(path))
            {
                using (new FeatureChunk(path, _plan, rows.Length)) progress(rows.Length, false);
                continue;
            }
            for (int i = 0; i < rows.Length; i++) rows[i] = new FeatureRow(_plan.States.Count, _plan.Length, _plan.Width);
            for (int part = 0; part < rows.Length; part += RowsAtOnce)
            {
                if (cancel.IsCancellationRequested) return false;
                ReadOnlySpan<FeatureRow> some = rows.AsSpan(part, Math.Min(RowsAtOnce, rows.Length - part));
                capture.Fill(first + part, some, heldOut);
                progress(some.Length, true);
            }
            FeatureChunk.Write(path, rows);
        }
        return true;
    }
}
