using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Archives;
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
    ArchiveFiles files,
    InstantArchives instant,
    ExportNames names,
    ExportErrorTexts texts,
    IOptions<DownloadOptions> options,
    TimeProvider time,
    ILogger<DownloadEndpoint> log)
{
    /// <param name="number">Which part of its set; null for the archive of an export that has only one.</param>
    /// <param name="caller">Who downloads: the account of the request, or a share link.</param>
    /// <param name="onSent">Learns what was sent.</param>
    public async Task<IResult> HandleAsync(
        string id, int? number, Caller caller, HttpContext context, Func<ArchivePart, SentBytes, Task>? onSent = null)
    {
        using var lease = active.TryAcquire(id);
        var export = await exports.FindAsync(id, caller, context.RequestAborted);
        var part = export?.Parts.FirstOrDefault(part => part.Number == (number ?? 1));
        if (Refuse(export, part, number, lease) is var (status, code))
        {
            return Refusal(status, code, context);
        }

        var request = new Request(export!, part!, caller, context, onSent ?? ((_, _) => Task.CompletedTask));
        return part!.IsInstant ? await SendInstantAsync(request) : await SendPackedAsync(request);
    }

    // A person gets the error page, as the response has no body.
    private IResult Refusal(int status, string code, HttpContext context) => context.Request.IsForPage()
        ? TypedResults.StatusCode(status)
        : ApiProblem.Of(status, code, texts.Message(new ExportError(code)));

    private static (int Status, string Code)? Refuse(
        Export? export, ArchivePart? part, int? number, IDisposable? lease) => export?.State switch
    {
        null => (StatusCodes.Status404NotFound, "not-found"),
        ExportState.Expired => (StatusCodes.Status410Gone, "expired"),
        ExportState.Ready when number is null && export.Parts.Count > 1 => (StatusCodes.Status409Conflict, "in-parts"),
        ExportState.Ready when part is null => (StatusCodes.Status404NotFound, "not-found"),
        ExportState.Ready when lease is null || !part.IsHere => (StatusCodes.Status410Gone, "expired"),
        ExportState.Ready => null,
        _ => (StatusCodes.Status409Conflict, "not-ready"),
    };

    private async Task<IResult> SendPackedAsync(Request request)
    {
        var (export, part, context) = (request.Export, request.Part, request.Context);
        using var file = await files.OpenAsync(export, part, context.RequestAborted);
        if (file is null)
        {
            await files.DistrustAsync(export, part, context.RequestAborted);
            return Refusal(StatusCodes.Status409Conflict, "not-ready", context);
        }

        Prepare(export, part, context);
        var result = Answer(export, part, part.Bytes);
        if (accel.Takes(context))
        {
            var download = await recorder.BeginAsync(export, part, request.Caller, context.RequestAborted);
            var sent = await HandOverAsync(result, part, context);
            await recorder.EndAsync(export, part, request.Caller, download, sent);
            await request.OnSent(part, sent);
            return Results.Empty;
        }

        return await SendAsync(
            request, result, (buffer, at) => RandomAccess.ReadAsync(file, buffer, at, context.RequestAborted));
    }

    /// <summary>Sends what the map of the archive says, from the videos.</summary>
    private async Task<IResult> SendInstantAsync(Request request)
    {
        var (export, part, context) = (request.Export, request.Part, request.Context);
        try
        {
            await using var archive = await instant.OpenAsync(export, part, context.RequestAborted);
            Prepare(export, part, context);
            return await SendAsync(
                request, Answer(export, part, archive.Length), (buffer, at) => archive.ReadAtAsync(buffer, at, context.RequestAborted));
        }
        catch (ContractBrokenException broken)
        {
            await instant.BreakAsync(export, broken);
            if (context.Response.HasStarted)
            {
                // What was promised cannot be completed, and must not look as if it were.
                context.Abort();
                return Results.Empty;
            }

            context.Response.Clear();
            return ExportEndpoints.Problem(ExportErrors.Describe(broken, tempFolder: ""), texts);
        }
    }

    private async Task<IResult> SendAsync(Request request, FileStreamHttpResult result, Func<Memory<byte>, long, ValueTask<int>> read)
    {
        var context = request.Context;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            await result.ExecuteAsync(context);
            return Results.Empty;
        }

        var (status, from, count) = await AnswerAsHeadAsync(result, context);
        if (status is StatusCodes.Status200OK or StatusCodes.Status206PartialContent)
        {
            await SendCountedAsync(request, body => body.SendAsync(read, from, count, context.RequestAborted));
        }

        return Results.Empty;
    }

    private async Task SendCountedAsync(Request request, Func<CountingResponseBody, Task> send)
    {
        var (export, part, context) = (request.Export, request.Part, request.Context);
        var download = await recorder.BeginAsync(export, part, request.Caller, context.RequestAborted);
        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var counter = new CountingResponseBody(original, active, TimeSpan.FromSeconds(options.Value.StallSeconds), time);
        context.Features.Set<IHttpResponseBodyFeature>(counter);
        try
        {
            await send(counter);
            await context.Response.CompleteAsync();
        }
        catch (Exception exception) when (exception is ConnectionAbortedException
            || (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException))
        {
            Log.BrokenOff(log, export.Id, counter.Sent);

            // Of one that stalled the connection is still there.
            context.Abort();
        }
        finally
        {
            context.Features.Set(original);
            var from = context.Response.GetTypedHeaders().ContentRange?.From ?? 0;
            var sent = new SentBytes(from, counter.Sent, context.Response.StatusCode);
            await recorder.EndAsync(export, part, request.Caller, download, sent);
            await request.OnSent(part, sent);
        }
    }

    private static FileStreamHttpResult Answer(Export export, ArchivePart part, long length) => TypedResults.Stream(
        new LengthOnly(length), "application/zip", fileDownloadName: null, export.FinishedAt, TagOf(export, part),
        enableRangeProcessing: true);

    /// <summary>Stays with the bytes: an export that is built anew is finished at another time.</summary>
    private static EntityTagHeaderValue TagOf(Export export, ArchivePart part) =>
        new(string.Create(CultureInfo.InvariantCulture, $"\"{export.Id}-{part.Number}-{export.FinishedAt?.ToUnixTimeMilliseconds():x}\""));

    /// <summary>Answers as HEAD is answered, which decides on ranges and conditions, without the bytes.</summary>
    private static async Task<(int Status, long From, long Count)> AnswerAsHeadAsync(
        FileStreamHttpResult result, HttpContext context)
    {
        context.Request.Method = HttpMethods.Head;
        await result.ExecuteAsync(context);
        context.Request.Method = HttpMethods.Get;

        var response = context.Response;
        return (response.StatusCode, response.GetTypedHeaders().ContentRange?.From ?? 0, response.ContentLength ?? 0);
    }

    /// <summary>Leaves the bytes to nginx.</summary>
    private async Task<SentBytes> HandOverAsync(FileStreamHttpResult result, ArchivePart part, HttpContext context)
    {
        var response = context.Response;
        var (status, from, count) = await AnswerAsHeadAsync(result, context);
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

    private void Prepare(Export export, ArchivePart part, HttpContext context)
    {
        // A slow client is a client (aspnetcore 7008), and a proxy must not spool the archive (sharry 130).
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        // RFC 9110, 14.2: a range in a unit that is not known here is ignored.
        if (context.Request.GetTypedHeaders().Range is { } range && !range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
        {
            context.Request.Headers.Range = default;
        }

        var headers = context.Response.Headers;
        headers["X-Accel-Buffering"] = "no";
        headers.CacheControl = "private, no-transform";

        // RFC 6266, 4.3: browsers take the second name; tools that know only the first get one without special characters.
        headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
        {
            FileName = part.Name,
            FileNameStar = names.FileName(export, part),
        }.ToString();

        // RFC 9530, section 3: of the whole representation, also on a 206.
        if (part.Sha256 is { } sum)
        {
            headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(sum))}:";
        }
    }

    private sealed record Request(
        Export Export, ArchivePart Part, Caller Caller, HttpContext Context, Func<ArchivePart, SentBytes, Task> OnSent);

    /// <summary>What the framework needs to know of content that it does not send.</summary>
    private sealed class LengthOnly(long length) : MemoryStream
    {
        public override long Length => length;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "下载中断: {ExportId}, 已发送 {Bytes} 字节")]
        public static partial void BrokenOff(ILogger logger, string exportId, long bytes);
    }
}
