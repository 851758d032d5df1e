using System.Runtime.CompilerServices;
using Percheron.Training.Native;

namespace Percheron.Training.Tests.Support;

/// <summary>Loads libtorch before any test of this assembly touches it.</summary>
internal static class TorchStart
{
    [ModuleInitializer]
    internal static void Load()
    {
        if (TorchRuntime.Unavailable is null) TorchRuntime.Start(threads: 1);
    }
}
