using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Data;

namespace HeyGemExport.Tests.Data;

/// <summary>Databases that earlier releases wrote, one for each version of the schema, in <c>Releases</c>.</summary>
public sealed class UpgradeTests
{
    /// <summary>In each of them: packed with checksums and downloaded, and packed a second time, deflated.</summary>
    private static readonly string[] Exports = ["rptwtafkf45f", "vnrkrkzjqbbe"];

    public static TheoryData<string> Releases =>
        [.. Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Data", "Releases");

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_database_of_an_earlier_release_opens_with_all_its_history(string release)
    {
        await using var app = new ExportApp();
        Directory.CreateDirectory(app.Data);
        File.Copy(Path.Combine(Folder, release), Path.Combine(app.Data, "heygem-export.db"));
        app.AddVideo("batch/a.mp4");
        using var client = app.CreateClient();

        var exports = await client.GetFromJsonAsync<JsonElement>("/api/v1/exports");
        var audit = await client.GetFromJsonAsync<JsonElement>("/api/v1/audit?action=download-finished");
        var made = await app.ExportAsync(client, new { all = true }, new { checksums = true });

        Assert.Equal(
            Exports,
            exports.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)
                .Order(StringComparer.Ordinal));
        Assert.Equal(615053, audit.GetProperty("items")[0].GetProperty("bytes").GetInt64());
        Assert.Equal("ready", made.GetProperty("state").GetString());
    }

    [Fact]
    public void Every_version_of_the_schema_has_its_database()
    {
        const string Prefix = "HeyGemExport.Data.Migrations.";
        var versions = typeof(Database).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => $"schema-{name.AsSpan(Prefix.Length, 4)}.db")
            .Order(StringComparer.Ordinal);

        Assert.Equal(versions, Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }
}
