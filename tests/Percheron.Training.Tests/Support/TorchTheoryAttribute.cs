using System.Runtime.CompilerServices;
using Percheron.Training.Native;
using Xunit;

namespace Percheron.Training.Tests.Support;

/// <summary>A theory that is skipped, saying so, where this build has no libtorch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Skip = TorchRuntime.Unavailable;
}
