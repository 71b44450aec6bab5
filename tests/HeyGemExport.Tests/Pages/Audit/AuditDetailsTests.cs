using HeyGemExport.Audit;

namespace HeyGemExport.Tests.Pages.Audit;

/// <summary>Details are recorded in English, and shown in the language of whoever reads them.</summary>
public sealed class AuditDetailsTests : IDisposable
{
    private readonly ExportApp app = new();

    [Theory]
    [InlineData("time-to-live", "保留时间已到")]
    [InlineData("by-hand", "手动删除")]
    [InlineData("after interrupted", "上次结果：interrupted")]
    [InlineData("after cancelled", "上次结果：已取消")]
    [InlineData("left out: 课程/a (1).mp4 (changed), b.mp4 (vanished)", "未打包：课程/a (1).mp4 (打包过程中发生变化), b.mp4 (打包过程中被删除或移动)")]
    [InlineData("intact after a restart of the machine", "服务器重启后经核对完好")]
    [InlineData("download 1a; heygem_batch_result_1.zip", "下载 1a；heygem_batch_result_1.zip")]
    [InlineData("download 1a; file 批次/a; b.mp4", "下载 1a；文件 批次/a; b.mp4")]
    [InlineData(
        "file 批次/a; bytes 1.mp4; bytes 0-9; download 1; status 206; 10 bytes of the archive sent so far",
        "文件 批次/a; bytes 1.mp4；字节 0–9；下载 1；状态码 206；该压缩包累计已发送 10 B")]
    [InlineData(
        "file a.mp4; download 1; status 304; 0 bytes of the archive sent so far", "文件 a.mp4；下载 1；状态码 304；该压缩包累计已发送 0 B")]
    [InlineData("download 1a; status 304; 0 bytes of the archive sent so far", "下载 1a；状态码 304；该压缩包累计已发送 0 B")]
    [InlineData(
        "bytes 0-3929200; download ?; status 206; 3929201 bytes of the archive sent so far", "字节 0–3929200；下载 ?；状态码 206；该压缩包累计已发送 3.9 MB")]
    [InlineData(
        "bytes 0-9; status 206; video 培训/a; status 1.mp4",
        "字节 0–9；状态码 206；视频 培训/a; status 1.mp4")]
    [InlineData(
        "bytes 0-9 handed over to the proxy; download 1; status 200; 10 bytes of the archive sent so far",
        "字节 0–9，由代理发送；下载 1；状态码 200；该压缩包累计已发送 10 B")]
    [InlineData("share x1; until 2026-01-02T03:04Z; password yes; downloads unlimited", "链接 x1；有效期至 2026-01-02T03:04Z；密码：有；下载次数：不限")]
    [InlineData("share x1", "链接 x1")]
    [InlineData("wrong-password", "密码错误")]
    [InlineData("钉钉群; status 500; status", "钉钉群；状态码 500 对方拒绝")]
    [InlineData("+客户A -旧: a.mp4, b.mp4, and 12 more", "+客户A -旧: a.mp4, b.mp4，以及另外 12 个")]
    [InlineData("小王: viewer → admin", "小王：查看者 → 管理员")]
    [InlineData("s3://bucket/key until 2026-01-02T03:04:05.0000000+00:00", "s3://bucket/key，有效期至 2026-01-02T03:04:05.0000000+00:00")]
    [InlineData("GET /ops", "GET /ops")]
    public async Task They_are_shown_in_Chinese(string recorded, string shown)
    {
        using var visitor = await PageVisitor.OfAsync(app);
        await app.Get<AuditTrail>().RecordAsync(
            new AuditRecord(TimeProvider.System.GetUtcNow(), AuditActions.TagsChanged, "somebody", "127.0.0.1", Detail: recorded),
            CancellationToken.None);

        var page = await visitor.OpenAsync("/audit?action=tags-changed");

        Assert.Equal(shown, page.QuerySelector(".audit-detail")!.TextContent.Trim());
    }

    public void Dispose() => app.Dispose();
}
