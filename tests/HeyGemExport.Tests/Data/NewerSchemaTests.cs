using System.Globalization;
using Dapper;
using HeyGemExport.Data;
using HeyGemExport.Tests.Cli;

namespace HeyGemExport.Tests.Data;

/// <summary>A database that a newer program has already changed.</summary>
public abstract class NewerSchemaTests : DatabaseTest
{
    [DatabaseFact]
    public async Task A_program_that_is_too_old_refuses_to_start_and_says_what_to_do()
    {
        await UpgradeAsync((9999, null));

        (string, string)[] texts = [("C.UTF-8", "Start that version, or restore the backup"), ("zh_CN.UTF-8", "请启动该新版本")];
        foreach (var (language, words) in texts)
        {
            var (code, _, errors) = await ShellProcess.RunAsync(
                Folder, [("LANG", language), ("ConnectionStrings__Database", Connection)], ["--urls=http://127.0.0.1:0"]);

            Assert.Equal(1, code);
            Assert.Contains("9999", errors, StringComparison.Ordinal);
            Assert.Contains(words, errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        }
    }

    [DatabaseFact]
    public async Task A_change_that_only_adds_lets_the_program_before_it_go_on()
    {
        await UpgradeAsync((9998, 1), (9999, 9));

        var next = Start(new ExportApp(Folder));
        next.AddVideo("a.mp4");
        using var client = next.CreateClient();

        Assert.Equal("ready", (await next.ExportAsync(client, new { all = true })).State());    }

    [DatabaseFact]
    public async Task A_change_that_is_for_a_later_program_does_not()
    {
        var known = await UpgradeAsync((9998, 9998), (9999, 1));

        var fault = Assert.Throws<SchemaTooNewException>(() => Start(new ExportApp(Folder)));

        Assert.Equal((9999, known), (fault.Version, fault.Known));
    }

    /// <returns>The version before.</returns>
    private async Task<long> UpgradeAsync(params (long Version, long? OldestProgram)[] versions)
    {
        var app = Start(new ExportApp(Folder));
        await using (var connection = await app.Get<Database>().OpenAsync(default))
        {
            await connection.ExecuteAsync(
                "INSERT INTO schema_version (version, oldest_program) VALUES (@Version, @OldestProgram)",
                versions.Select(row => new { row.Version, row.OldestProgram }));
        }

        await StopAsync(app);
        return typeof(Database).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Max(name => long.Parse(name.Split('.')[^2].AsSpan(0, 4), CultureInfo.InvariantCulture));
    }
}

public sealed class SqliteNewerSchemaTests : NewerSchemaTests
{
    protected override Task<string> NewDatabaseAsync() => Task.FromResult("");
}

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlNewerSchemaTests(PostgreSqlServer server) : NewerSchemaTests
{
    protected override Task<string> NewDatabaseAsync() => server.NewDatabaseAsync();
}
