using System.Runtime.CompilerServices;
using Percheron.Training.Native;
using Xunit;

namespace Percheron.Training.Tests.Support;

/// <summary>A fact that is skipped, saying so, where this build has no libtorch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TorchFactAttribute : FactAttribute
{
    public TorchFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = TorchRuntime.Unavailable;
}
