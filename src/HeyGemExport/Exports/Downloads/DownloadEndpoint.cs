using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Exports.Retention;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace HeyGemExport.Exports.Downloads;

/// <summary>Sends an archive. Ranges, conditional requests and HEAD are the framework's work; here the archive is protected against removal
/// and the bytes that were actually sent are recorded.</summary>
internal sealed partial class DownloadEndpoint(
    ExportService exports,
    DownloadRecorder recorder,
    ActiveDownloads active,
    AccelRedirect accel,
    ExportErrorTexts texts,
    TimeProvider time,
    ILogger<DownloadEndpoint> log)
{
    /// <param name="number">Which part of its set; null for the archive of an export that has only one.</param>
    /// <param name="caller">Who downloads: the account of the request, or a share link.</param>
    public async Task<IResult> HandleAsync(string id, int? number, Caller caller, HttpContext context)
    {
        using var lease = active.TryAcquire(id);
        var export = await exports.FindAsync(id, caller, context.RequestAborted);
        var part = export?.Parts.FirstOrDefault(part => part.Number == (number ?? 1));
        if (Refuse(export, part, number, lease) is var (status, code))
        {
            // A person gets the error page, as the response has no body.
            return context.Request.IsForPage()
                ? TypedResults.StatusCode(status)
                : ApiProblem.Of(status, code, texts.Message(new ExportError(code)));
        }

        await SendAsync(export!, part!, caller, context);
        return Results.Empty;
    }

    private static (int Status, string Code)? Refuse(
        Export? export, ArchivePart? part, int? number, IDisposable? lease) => export?.State switch
    {
        null => (StatusCodes.Status404NotFound, "not-found"),
        ExportState.Expired => (StatusCodes.Status410Gone, "expired"),
        ExportState.Ready when number is null && export.Parts.Count > 1 => (StatusCodes.Status409Conflict, "in-parts"),
        ExportState.Ready when part is null => (StatusCodes.Status404NotFound, "not-found"),
        ExportState.Ready when lease is null || !File.Exists(part.Path) => (StatusCodes.Status410Gone, "expired"),
        ExportState.Ready => null,
        _ => (StatusCodes.Status409Conflict, "not-ready"),
    };

    private async Task SendAsync(Export export, ArchivePart part, Caller caller, HttpContext context)
    {
        Prepare(part, context);
        var result = TypedResults.PhysicalFile(
            part.Path,
            "application/zip",
            part.Name,
            export.FinishedAt,
            new EntityTagHeaderValue($"\"{part.Sha256}\""),
            enableRangeProcessing: true);

        if (HttpMethods.IsHead(context.Request.Method))
        {
            await result.ExecuteAsync(context);
            return;
        }

        var download = await recorder.BeginAsync(export, part, caller, context.RequestAborted);
        if (accel.Takes(context))
        {
            var handedOver = await HandOverAsync(result, part, context);
            await recorder.EndAsync(export, part, caller, download, handedOver);
            return;
        }

        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var counter = new CountingResponseBody(original, active, time);
        context.Features.Set<IHttpResponseBodyFeature>(counter);
        try
        {
            await result.ExecuteAsync(context);
            await context.Response.CompleteAsync();
        }
        catch (Exception exception) when (exception is ConnectionAbortedException
            || (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException))
        {
            Log.BrokenOff(log, export.Id, counter.Sent);
        }
        finally
        {
            context.Features.Set(original);
            var from = context.Response.GetTypedHeaders().ContentRange?.From ?? 0;
            await recorder.EndAsync(export, part, caller, download, new SentBytes(from, counter.Sent, context.Response.StatusCode));
        }
    }

    /// <summary>Answers as HEAD is answered, which decides on ranges and conditions, and leaves the bytes to nginx.</summary>
    private async Task<SentBytes> HandOverAsync(PhysicalFileHttpResult result, ArchivePart part, HttpContext context)
    {
        context.Request.Method = HttpMethods.Head;
        await result.ExecuteAsync(context);
        context.Request.Method = HttpMethods.Get;

        var response = context.Response;
        var (status, from, count) = (response.StatusCode, response.GetTypedHeaders().ContentRange?.From ?? 0, response.ContentLength ?? 0);
        if (status is not (StatusCodes.Status200OK or StatusCodes.Status206PartialContent))
        {
            return new SentBytes(from, 0, status);
        }

        // nginx cuts the range out itself.
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentLength = 0;
        response.Headers.Remove(HeaderNames.ContentRange);
        response.Headers.Remove(HeaderNames.AcceptRanges);
        response.Headers[AccelRedirect.Header] = accel.AddressOf(part.Path);
        return new SentBytes(from, count, status, HandedOver: true);
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

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "下载中断: {ExportId}, 已发送 {Bytes} 字节")]
        public static partial void BrokenOff(ILogger logger, string exportId, long bytes);
    }
}
