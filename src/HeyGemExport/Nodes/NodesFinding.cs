namespace HeyGemExport.Nodes;

internal enum NodesState
{
    Alone,
    Agree,
    OtherTemp,
    OtherOutputs,
    NoWorker,
}

/// <summary>What is wrong between the nodes, seen from one of them.</summary>
/// <param name="Others">The nodes that it is about.</param>
/// <param name="IsMinority">Whether no more nodes agree with this one than differ: it may be this one that is wrong.</param>
internal sealed record NodesFinding(NodesState State, IReadOnlyList<string> Others, bool IsMinority)
{
    /// <summary>What it packs others could not hand over, or it does not see what they have shown.</summary>
    public bool IsUnfitToPack => IsMinority && State is (NodesState.OtherTemp or NodesState.OtherOutputs);

    public static NodesFinding Of(Node self, IReadOnlyCollection<Node> others, OutputsComparison outputs) =>
        Differing(NodesState.OtherTemp, others, other =>
            self.TempId is null || other.TempId is null ? null : string.Equals(self.TempId, other.TempId, StringComparison.Ordinal))
        ?? Differing(NodesState.OtherOutputs, others, outputs.SeesTheSame)
        ?? new(
            others.Append(self).All(node => node.Role is "web") ? NodesState.NoWorker
                : others.Count == 0 ? NodesState.Alone
                : NodesState.Agree,
            [.. others.Select(other => other.Name)],
            IsMinority: false);

    private static NodesFinding? Differing(NodesState state, IReadOnlyCollection<Node> others, Func<Node, bool?> isSame)
    {
        var same = 1 + others.Count(other => isSame(other) == true);
        List<string> differing = [.. others.Where(other => isSame(other) == false).Select(other => other.Name)];
        return differing.Count == 0 ? null : new(state, differing, differing.Count >= same);
    }
}
