using HeyGemExport.Accounts;
using HeyGemExport.Audit;

namespace HeyGemExport.Tests.Audit;

/// <summary>What callers send must neither fill the trail nor mislead who reads it.</summary>
public sealed class AuditRecordTests : IAsyncLifetime
{
    private readonly HeldApp app = new();

    private string Lines => Path.Combine(app.Logs, "audit.jsonl");

    public Task InitializeAsync()
    {
        app.StartServer();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_record_is_cut_with_a_mark_whichever_field_a_caller_makes_long()
    {
        var huge = string.Concat(Enumerable.Repeat("课😀", 500_000));

        await app.Get<AuditTrail>().RecordAsync(
            AuditActions.TagsChanged, new Caller(huge, huge), default, exportId: huge, detail: huge);

        Assert.InRange(new FileInfo(Lines).Length, 1, 16 << 10);
        var record = Assert.Single((await app.Get<AuditTrail>().QueryAsync(new AuditQuery(), default)).Items);
        Assert.All(new[] { record.Who, record.From, record.ExportId, record.Detail }, text => Assert.Matches(@"… \(\+\d+\)$", text));
        Assert.StartsWith("课😀课", record.Detail, StringComparison.Ordinal);
        Assert.Equal(record.Detail, record.Detail!.Normalize());
    }

    [Fact]
    public async Task The_lines_hold_no_character_that_reorders_them()
    {
        await app.Get<AuditTrail>().RecordAsync(
            AuditActions.TagsChanged, new Caller("a\u202egpj", "-"), default, detail: "x\u2028{\"action\":\"forged\"}\u2066");

        var line = Assert.Single(await File.ReadAllLinesAsync(Lines));

        Assert.DoesNotContain(line, character => character is '\u202e' or '\u2066' or '\u2028');
        Assert.Contains("\\u202e", line, StringComparison.Ordinal);
    }
}
