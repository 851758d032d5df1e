using System.Reflection;
using Percheron.Training.Native;
using Percheron.Training.Tests.Support;
using Xunit.v3;

// One test at a time: the collector is kept still for each, and all would share one allowance.
[assembly: Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: Still]

namespace Percheron.Training.Tests.Support;

/// <summary>Every test of this assembly runs without a collection (<see cref="NoCollection"/>).</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class StillAttribute : BeforeAfterTestAttribute
{
    private IDisposable? _still;

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => _still = NoCollection.Begin();

    public override void After(MethodInfo methodUnderTest, IXunitTest test) => _still?.Dispose();
}
