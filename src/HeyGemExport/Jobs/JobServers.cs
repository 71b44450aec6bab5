using Hangfire;

namespace HeyGemExport.Jobs;

/// <summary>The Hangfire servers of all nodes, as the dashboard lists them.</summary>
internal sealed class JobServers(JobStorage storage)
{
    public static string NameOf(string node, string queue) => $"{node}:{queue}";

    /// <summary>Removes those of nodes that are gone. Hangfire itself waits for minutes, and does not tell a node that is gone from a
    /// database that stood still, after which a short wait would end living servers and the jobs that they run.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<string> nodes, CancellationToken cancellationToken)
    {
        if (nodes.Count > 0)
        {
            await Task.Run(() => Remove(nodes), cancellationToken);
        }
    }

    private void Remove(IReadOnlyCollection<string> nodes)
    {
        using var connection = storage.GetConnection();
        foreach (var server in storage.GetMonitoringApi().Servers().Select(server => server.Name)
            .Where(server => nodes.Any(node => server.StartsWith(NameOf(node, queue: ""), StringComparison.Ordinal))))
        {
            connection.RemoveServer(server);
        }
    }
}
