using System.Runtime;

namespace Percheron.Training.Native;

/// <summary>
/// Keeps the collector still while Torch works. TorchSharp makes an object with a finalizer of every number in an expression and does not keep it alive while native code reads it, so a
/// collection in that moment frees what is being read. Where more is allocated than was set aside the collector runs after all.
/// </summary>
public static class NoCollection
{
    private const long Bytes = 200L << 20;

    private static readonly Lock Gate = new();
    private static int _depth;

    /// <summary>No collection until the result is disposed; nested and from any thread.</summary>
    public static IDisposable Begin()
    {
        lock (Gate)
        {
            if (_depth++ == 0 && GCSettings.LatencyMode != GCLatencyMode.NoGCRegion) GC.TryStartNoGCRegion(Bytes);
        }
        return new Region();
    }

    private sealed class Region : IDisposable
    {
        private bool _ended;

        public void Dispose()
        {
            lock (Gate)
            {
                if (_ended) return;
                _ended = true;
                // It has ended by itself if more was allocated.
                if (--_depth == 0 && GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
            }
        }
    }
}
