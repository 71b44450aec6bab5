using System.Globalization;
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

    private const string Prefix = "HeyGemExport.Data.Migrations.";

    private static IEnumerable<string> Scripts => typeof(Database).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    private static string[] Statements(string script) => string.Join(
            '\n', script.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)))
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

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

    /// <summary>Or nodes cannot be upgraded one after the other; programs heed it from version 12 on.</summary>
    [Fact]
    public void A_migration_that_only_adds_names_the_oldest_program_that_goes_on_working()
    {
        string[] additions = ["CREATE TABLE ", "CREATE INDEX ", "ALTER TABLE "];
        var silent = Scripts
            .Where(name => int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture) > 12)
            .Select(name =>
            {
                using var reader = new StreamReader(typeof(Database).Assembly.GetManifestResourceStream(name)!);
                return (Name: name, Script: reader.ReadToEnd());
            })
            .Where(script => !script.Script.StartsWith("-- oldest program: ", StringComparison.Ordinal))
            .Where(script => Statements(script.Script).All(statement =>
                additions.Any(addition => statement.StartsWith(addition, StringComparison.Ordinal))
                && (!statement.StartsWith("ALTER", StringComparison.Ordinal) || statement.Contains(" ADD ", StringComparison.Ordinal))))
            .Select(script => script.Name);

        Assert.Empty(silent);
    }

    [Fact]
    public void Every_version_of_the_schema_has_its_database()
    {
        var versions = Scripts
            .Select(name => $"schema-{name.AsSpan(Prefix.Length, 4)}.db")
            .Order(StringComparer.Ordinal);

        Assert.Equal(versions, Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }
}
