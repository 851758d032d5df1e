using Percheron.Kernels;

namespace Percheron.Models.Stages;

/// <summary>Projects the normalized rows to queries alone, where keys and values are of something else.</summary>
internal sealed unsafe class ProjectStage(ForwardState state) : IWork
{
    private Projection _query = null!;

    public void Run(ThreadTeam team, Projection query)
    {
        _query = query;
        team.Run(this);
    }

    public void Execute(int part, int parts, int thread) =>
        Affine.Apply(_query, state.Input, state.Count, Share.Of(state.Config.QuerySize, part, parts, Share.Outputs), state.Qkv(0), state.QkvSize, state.Scratch(thread));
}
