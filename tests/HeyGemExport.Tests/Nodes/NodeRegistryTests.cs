using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Hangfire;
using HeyGemExport.Data;
using HeyGemExport.Jobs;
using HeyGemExport.Nodes;
using HeyGemExport.Tests.Data;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace HeyGemExport.Tests.Nodes;

/// <summary>Nodes over one PostgreSQL.</summary>
[Collection(NodesCollection.Name)]
public sealed class NodeRegistryTests(PostgreSqlServer server) : DatabaseTest
{
    [DatabaseFact]
    public async Task Ops_lists_the_nodes_that_live()
    {
        var (one, other) = (Start(new HeldApp(Folder)), Start(new HeldApp(Folder)));
        using var client = one.CreateClient();
        await BeatAsync(other, one);

        var ops = await client.GetFromJsonAsync<JsonElement>("/api/v1/ops");

        Assert.Equal(
            [(NameOf(one), "both"), (NameOf(other), "both")],
            ops.GetProperty("nodes").EnumerateArray()
                .Select(node => (node.GetProperty("name").GetString()!, node.GetProperty("role").GetString()!)));
        Assert.Contains(NameOf(other), await client.GetStringAsync("/ops"), StringComparison.Ordinal);
        Assert.Contains("heygem_nodes{role=\"both\"} 2\n", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        await IsReadinessAsync(client, HttpStatusCode.OK, "nodes-agree");

        await StopAsync(other);
        await BeatAsync(one);

        Assert.Equal([NameOf(one)], one.Get<NodeRegistry>().Live.Select(node => node.Name));
    }

    [DatabaseFact]
    public async Task A_node_that_was_killed_is_soon_gone_from_the_list_and_the_dashboard()
    {
        var one = Start(new ExportApp(Folder));
        await using var killed = await ServerProcess.StartAsync(Folder, Settings(one));
        await Eventually.HoldsAsync(async () =>
        {
            await BeatAsync(one);
            return one.Get<NodeRegistry>().Live.Count == 2;
        });
        var name = one.Get<NodeRegistry>().Live[1].Name;
        await Eventually.HoldsAsync(() => ServersOf(one, name) > 0);

        await killed.KillAsync();
        await AgeAsync(one, TimeSpan.FromSeconds(31), name);
        await BeatAsync(one);

        Assert.Equal(0, ServersOf(one, name));
        Assert.NotEqual(0, ServersOf(one, NameOf(one)));
        Assert.Single(one.Get<NodeRegistry>().Live);
    }

    [DatabaseFact]
    public async Task After_a_database_that_stood_still_no_node_is_taken_for_gone()
    {
        var (one, other) = (Start(new ExportApp(Folder)), Start(new ExportApp(Folder)));
        await BeatAsync(one, other);
        await Eventually.HoldsAsync(() => ServersOf(one, NameOf(other)) > 0);

        await AgeAsync(one, TimeSpan.FromSeconds(90), NameOf(one), NameOf(other));
        await BeatAsync(one, other, one);

        Assert.NotEqual(0, ServersOf(one, NameOf(other)));
        Assert.Equal(2, one.Get<NodeRegistry>().Live.Count);
    }

    [DatabaseFact]
    public async Task Temp_folders_of_their_own_make_both_unready_and_the_reason_is_told_in_both_languages()
    {
        var other = new HeldApp(Folder);
        other.Settings["Exports:TempPath"] = Folder["temp-2"];
        var one = Start(new HeldApp(Folder));
        Start(other);
        await BeatAsync(one, other, one);
        using var client = one.CreateClient();
        using var second = other.CreateClient();

        await IsReadinessAsync(client, HttpStatusCode.ServiceUnavailable, "nodes-other-temp");
        await IsReadinessAsync(second, HttpStatusCode.ServiceUnavailable, "nodes-other-temp");
        foreach (var (language, words) in new[] { ("en", "another temp folder"), ("zh-CN", "临时目录与本节点") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz/ready") { Headers = { { "Accept-Language", language } } };
            var check = await NodesOf(await client.SendAsync(request));
            Assert.Contains(words, check.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Contains(NameOf(other), check.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Contains("Exports:TempPath", check.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        }
    }

    [DatabaseFact]
    public async Task Outputs_folders_of_their_own_make_both_unready()
    {
        Folder.Write("outputs/a.mp4", Clips.Mp4(1000, seed: 1), new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc));
        var other = new HeldApp(Folder);
        other.Settings["Library:OutputsPath"] = Directory.CreateDirectory(Folder["outputs-2"]).FullName;
        var one = Start(new HeldApp(Folder));
        Start(other);
        using var client = one.CreateClient();

        // What a beat finds, the next one tells.
        await Eventually.HoldsAsync(async () =>
        {
            await BeatAsync(one, other, one);
            return one.Get<NodeRegistry>().Examine().State == NodesState.OtherOutputs;
        });

        await IsReadinessAsync(client, HttpStatusCode.ServiceUnavailable, "nodes-other-outputs");
    }

    [DatabaseFact]
    public async Task The_same_outputs_folder_agrees()
    {
        Folder.Write("outputs/a.mp4", Clips.Mp4(1000, seed: 1), new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc));
        var (one, other) = (Start(new HeldApp(Folder)), Start(new HeldApp(Folder)));

        await Eventually.HoldsAsync(async () =>
        {
            await BeatAsync(one, other, one);
            return one.Get<NodeRegistry>().Live is [{ OutputsAt: { } at }, var seen] && seen.OutputsAt == at;
        });

        Assert.Equal(NodesState.Agree, one.Get<NodeRegistry>().Examine().State);
    }

    [DatabaseFact]
    public async Task A_key_that_one_node_makes_is_read_by_the_other_with_its_next_beat()
    {
        var (one, other) = (Start(new HeldApp(Folder)), Start(new HeldApp(Folder)));
        await BeatAsync(other);
        var known = other.Get<IKeyManager>().GetCacheExpirationToken();
        var now = TimeProvider.System.GetUtcNow();

        one.Get<IKeyManager>().CreateNewKey(now, now.AddDays(90));
        Assert.False(known.IsCancellationRequested);
        await BeatAsync(other);

        Assert.True(known.IsCancellationRequested);
    }

    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();

    private static async Task BeatAsync(params ExportApp[] apps)
    {
        foreach (var app in apps)
        {
            await app.Get<NodeRegistry>().BeatAsync(default);
        }
    }

    private static string NameOf(ExportApp app) => app.Get<JobNode>().Name;

    private static string[] Settings(ExportApp app) => ["ConnectionStrings:Database=" + app.Settings["ConnectionStrings:Database"]];

    private static int ServersOf(ExportApp app, string node) => app.Get<JobStorage>().GetMonitoringApi().Servers()
        .Count(server => server.Name.StartsWith(node, StringComparison.Ordinal));

    /// <summary>As if nobody had been heard of for a while.</summary>
    private static async Task AgeAsync(ExportApp app, TimeSpan by, params string[] names)
    {
        await using var connection = await app.Get<Database>().OpenAsync(default);
        await connection.ExecuteAsync(
            "UPDATE nodes SET seen_at = seen_at - @by WHERE name = ANY(@names)", new { by = (long)by.TotalMilliseconds, names });
    }

    /// <summary>As soon as the checks are made anew.</summary>
    private static Task IsReadinessAsync(HttpClient client, HttpStatusCode status, string code) => Eventually.HoldsAsync(async () =>
    {
        var answer = await client.GetAsync("/healthz/ready");
        return (answer.StatusCode, (await NodesOf(answer)).GetProperty("code").GetString()) == (status, code);
    });

    private static async Task<JsonElement> NodesOf(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("name").GetString() == "nodes");
}
