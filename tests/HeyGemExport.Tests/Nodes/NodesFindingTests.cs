using HeyGemExport.Nodes;

namespace HeyGemExport.Tests.Nodes;

public sealed class NodesFindingTests
{
    [Fact]
    public void One_node_alone_is_well() => Assert.Equal(NodesState.Alone, Find("a").State);

    [Theory]
    [InlineData("a a", NodesState.Agree, false)]
    [InlineData("a b", NodesState.OtherTemp, true)]
    [InlineData("a a b", NodesState.OtherTemp, false)]
    [InlineData("a b b", NodesState.OtherTemp, true)]
    [InlineData("a b b a", NodesState.OtherTemp, true)]
    [InlineData("a ?", NodesState.Agree, false)]
    [InlineData("? b", NodesState.Agree, false)]
    internal void Temp_folders_are_compared_where_they_are_known(string ids, NodesState state, bool isMinority)
    {
        var found = Find(ids.Split(' '));

        Assert.Equal((state, isMinority), (found.State, found.IsMinority));
    }

    [Fact]
    public void The_nodes_that_differ_are_named() => Assert.Equal(["node2"], Find("a", "a", "b").Others);

    [Fact]
    public void Pages_without_a_worker_are_told()
    {
        var (web, worker) = (Of(0, "a") with { Role = "web" }, Of(1, "a") with { Role = "worker" });

        Assert.Equal(NodesState.NoWorker, NodesFinding.Of(web, [], new()).State);
        Assert.Equal(NodesState.NoWorker, NodesFinding.Of(web, [web with { Name = "node2" }], new()).State);
        Assert.Equal(NodesState.Agree, NodesFinding.Of(web, [worker], new()).State);
        Assert.Equal(NodesState.Alone, NodesFinding.Of(worker, [], new()).State);
    }

    private static NodesFinding Find(params string[] temps)
    {
        List<Node> nodes = [.. temps.Select((temp, index) => Of(index, temp is "?" ? null : temp))];
        return NodesFinding.Of(nodes[0], nodes[1..], new());
    }

    private static Node Of(int index, string? temp) => new() { Name = $"node{index}", Role = "both", Version = "1", TempId = temp };
}
