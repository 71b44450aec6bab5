using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace HeyGemExport.Exports.Downloads;

/// <summary>
/// Hands an archive over. Ranges, conditions and HEAD are the framework's; here the archive is held against removal and
/// what was really sent is recorded.
/// </summary>
public sealed partial class DownloadEndpoint(
    ExportService exports,
    ExportTransitions transitions,
    DownloadLedger ledger,
    ArchiveLeases leases,
    AuditTrail audit,
    ExportErrorTexts texts,
    TimeProvider time,
    ILogger<DownloadEndpoint> log)
{
    /// <summary>Answers one request for an archive of an export.</summary>
    /// <param name="id">The export.</param>
    /// <param name="number">Which part of its set; null for the archive of an export that has only one.</param>
    /// <param name="context">The request.</param>
    public async Task<IResult> HandleAsync(string id, int? number, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var lease = leases.TryAcquire(id);
        var export = await exports.FindAsync(id, context.RequestAborted);
        var part = export?.Parts.FirstOrDefault(part => part.Number == (number ?? 1));
        if (Refuse(export, part, number, lease) is var (status, code))
        {
            // Without a body a person gets the error page.
            return context.Request.IsForPage()
                ? TypedResults.StatusCode(status)
                : ApiProblem.Of(status, code, texts.Message(new ExportError(code)));
        }

        await SendAsync(export!, part!, context);
        return Results.Empty;
    }

    private static (int Status, string Code)? Refuse(Export? export, ArchivePart? part, int? number, IDisposable? lease) => export?.State switch
    {
        null => (StatusCodes.Status404NotFound, "not-found"),
        ExportState.Expired => (StatusCodes.Status410Gone, "expired"),
        ExportState.Ready when number is null && export.Parts.Count > 1 => (StatusCodes.Status409Conflict, "in-parts"),
        ExportState.Ready when part is null => (StatusCodes.Status404NotFound, "not-found"),
        ExportState.Ready when lease is null || !File.Exists(part.Path) => (StatusCodes.Status410Gone, "expired"),
        ExportState.Ready => null,
        _ => (StatusCodes.Status409Conflict, "not-ready"),
    };

    private async Task SendAsync(Export export, ArchivePart part, HttpContext context)
    {
        Prepare(part, context);
        var result = TypedResults.PhysicalFile(
            part.Path, "application/zip", part.Name, export.FinishedAt, new EntityTagHeaderValue($"\"{part.Sha256}\""), enableRangeProcessing: true);

        if (HttpMethods.IsHead(context.Request.Method))
        {
            await result.ExecuteAsync(context);
            return;
        }

        var caller = Caller.Of(context);
        var download = await BeginAsync(export, part, caller, context);
        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var counter = new CountingStream(original.Stream);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(counter, original));
        try
        {
            await result.ExecuteAsync(context);
            await context.Response.CompleteAsync();
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            Log.BrokenOff(log, export.Id, counter.Written);
        }
        finally
        {
            context.Features.Set(original);
            await EndAsync(export, part, caller, download, context, counter.Written);
        }
    }

    private static void Prepare(ArchivePart part, HttpContext context)
    {
        // A slow client is a client (aspnetcore 7008), and a proxy must not spool the archive (sharry 130).
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        var headers = context.Response.Headers;
        headers["X-Accel-Buffering"] = "no";
        headers.CacheControl = "private, no-transform";

        // RFC 9530, section 3: of the whole representation, also on a 206.
        headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(part.Sha256))}:";
    }

    private async Task<Download?> BeginAsync(Export export, ArchivePart part, Caller caller, HttpContext context)
    {
        try
        {
            await transitions.TouchAsync(export.Id, context.RequestAborted);
            var download = await ledger.BeginAsync(export, part, caller, context.RequestAborted);
            await audit.RecordAsync(
                new AuditRecord(time.GetUtcNow(), AuditActions.DownloadStarted, caller.Who, caller.From, export.Id, part.FileCount, part.Bytes, Detail: $"download {download.Id}; {part.Name}"),
                context.RequestAborted);
            return download;
        }
        catch (Exception exception) when (DatabaseFaults.Is(exception))
        {
            Log.NotRecorded(log, export.Id, exception.Message);
            return null;
        }
    }

    private async Task EndAsync(Export export, ArchivePart part, Caller caller, Download? download, HttpContext context, long sent)
    {
        var from = context.Response.GetTypedHeaders().ContentRange?.From ?? 0;
        try
        {
            await transitions.TouchAsync(export.Id, CancellationToken.None);
            download = await ledger.AddAsync(export, part, caller, from, sent, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseFaults.Is(exception))
        {
            Log.NotRecorded(log, export.Id, exception.Message);
        }

        var detail = sent > 0 ? $"bytes {from}-{from + sent - 1}; {Describe(download, context)}" : Describe(download, context);
        await audit.RecordAsync(
            new AuditRecord(time.GetUtcNow(), AuditActions.DownloadFinished, caller.Who, caller.From, export.Id, part.FileCount, sent, download is { Complete: true } ? "complete" : "partial", detail),
            CancellationToken.None);
    }

    private static string Describe(Download? download, HttpContext context) =>
        $"download {download?.Id ?? "?"}; status {context.Response.StatusCode}; {download?.SentBytes ?? 0} bytes of the archive sent so far";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "下载中断: {ExportId}, 已发送 {Bytes} 字节")]
        public static partial void BrokenOff(ILogger logger, string exportId, long bytes);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The download of export {ExportId} could not be recorded: {Reason}")]
        public static partial void NotRecorded(ILogger logger, string exportId, string reason);
    }
}
