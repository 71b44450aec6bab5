using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace HeyGemExport.Tests.Nodes;

/// <summary>The profile <c>nodes</c> of <c>compose.yaml</c>.</summary>
public sealed class ComposeTests
{
    private static readonly string Repository = Path.GetFullPath(Path.Combine(SourceTree.Docs, ".."));

    private readonly Dictionary<string, Service> services = Read();

    [Fact]
    public void Both_nodes_share_the_folders_and_the_database_and_nothing_else()
    {
        var (first, second) = (services["app"], services["second"]);

        Assert.Equal(["nodes"], second.Profiles);
        Assert.Equal(first.Environment, second.Environment);
        Assert.Equal(SourceOf(first, "/data/outputs"), SourceOf(second, "/data/outputs"));
        Assert.Equal(SourceOf(first, "/data/temp"), SourceOf(second, "/data/temp"));
        Assert.NotEqual(SourceOf(first, "/data/app"), SourceOf(second, "/data/app"));
        Assert.Empty(second.Ports);
        Assert.Contains("nodes", services["database"].Profiles);
    }

    [Fact]
    public async Task The_proxy_gives_requests_to_both_by_turns_while_they_are_ready()
    {
        var proxy = services["balancer"];
        var file = proxy.Volumes.Select(volume => volume.Split(':')).Single(volume => volume[1] == "/etc/caddy/Caddyfile")[0];

        var configuration = await File.ReadAllTextAsync(Path.Combine(Repository, file));

        Assert.Equal(["nodes"], proxy.Profiles);
        Assert.Contains("reverse_proxy app:8080 second:8080 {", configuration, StringComparison.Ordinal);
        Assert.Contains("lb_policy round_robin", configuration, StringComparison.Ordinal);
        Assert.Contains("health_uri /healthz/ready", configuration, StringComparison.Ordinal);
    }

    private static string SourceOf(Service service, string folder) =>
        service.Volumes.Single(volume => volume.Contains(":" + folder, StringComparison.Ordinal));

    private static Dictionary<string, Service> Read()
    {
        using var file = File.OpenText(Path.Combine(Repository, "compose.yaml"));
        return new DeserializerBuilder().IgnoreUnmatchedProperties()
            .WithNamingConvention(CamelCaseNamingConvention.Instance)
            .Build().Deserialize<Compose>(new MergingParser(new Parser(file))).Services;
    }

    private sealed class Compose
    {
        public Dictionary<string, Service> Services { get; set; } = [];
    }

    private sealed class Service
    {
        public List<string> Profiles { get; set; } = [];

        public List<string> Ports { get; set; } = [];

        public List<string> Volumes { get; set; } = [];

        public Dictionary<string, string> Environment { get; set; } = [];
    }
}
