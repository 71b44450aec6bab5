using HeyGemExport.Archives;
using HeyGemExport.Exports.Retention;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace HeyGemExport.Exports.Downloads;

/// <summary>What archives and single files have in common on their way to the client.</summary>
internal sealed partial class DownloadSender(
    DownloadRecorder recorder, ActiveDownloads active, InstantArchives instant, ExportErrorTexts texts, IOptions<DownloadOptions> options,
    TimeProvider time, ILogger<DownloadSender> log)
{
    public static void Prepare(HttpContext context)
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

        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Response.Headers.CacheControl = "private, no-transform";
    }

    /// <summary>RFC 6266, 4.3: browsers take the second name; tools that know only the first get one without special
    /// characters.</summary>
    public static string Attachment(string plain, string name) =>
        new ContentDispositionHeaderValue("attachment") { FileName = plain, FileNameStar = name }.ToString();

    /// <summary>RFC 9530, section 3: of the whole representation, also on a 206.</summary>
    public static string Digest(byte[] sha256) => $"sha-256=:{Convert.ToBase64String(sha256)}:";

    /// <summary>How content is answered that is read at offsets.</summary>
    /// <param name="ranges">Whether ranges can be read.</param>
    public static FileStreamHttpResult Answer(
        Export export, long length, string contentType, EntityTagHeaderValue tag, bool ranges = true) => TypedResults.Stream(
        new LengthOnly(length), contentType, fileDownloadName: null, export.FinishedAt, tag, enableRangeProcessing: ranges);

    public async Task<IResult> SendAsync(
        Requested requested, HttpContext context, FileStreamHttpResult result, Func<Memory<byte>, long, ValueTask<int>> read)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            await result.ExecuteAsync(context);
            return Results.Empty;
        }

        try
        {
            var (status, from, count) = await AnswerAsHeadAsync(result, context);
            if (status is StatusCodes.Status200OK or StatusCodes.Status206PartialContent)
            {
                await SendCountedAsync(requested, context, body => body.SendAsync(read, from, count, context.RequestAborted));
            }
            else
            {
                await context.Response.CompleteAsync();
            }

            return Results.Empty;
        }
        catch (ContractBrokenException broken)
        {
            await instant.BreakAsync(requested.Export, broken);
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

    private async Task SendCountedAsync(Requested requested, HttpContext context, Func<CountingResponseBody, Task> send)
    {
        var download = await recorder.BeginAsync(requested, context.RequestAborted);
        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var counter = new CountingResponseBody(context.Features, active, TimeSpan.FromSeconds(options.Value.StallSeconds), time);
        context.Features.Set<IHttpResponseBodyFeature>(counter);
        try
        {
            await send(counter);
            await context.Response.CompleteAsync();
        }
        catch (Exception exception) when (exception is ConnectionAbortedException
            || (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException))
        {
            Log.BrokenOff(log, requested.Export.Id, counter.Sent);

            // Of one that stalled the connection is still there.
            context.Abort();
        }
        finally
        {
            context.Features.Set(original);
            var from = context.Response.GetTypedHeaders().ContentRange?.From ?? 0;
            await recorder.EndAsync(requested, download, new SentBytes(from, counter.Sent, context.Response.StatusCode));
        }
    }

    /// <summary>Answers as HEAD is answered, which decides on ranges and conditions, without the bytes.</summary>
    public static async Task<(int Status, long From, long Count)> AnswerAsHeadAsync(
        FileStreamHttpResult result, HttpContext context)
    {
        context.Request.Method = HttpMethods.Head;
        await result.ExecuteAsync(context);
        context.Request.Method = HttpMethods.Get;

        var response = context.Response;
        return (response.StatusCode, response.GetTypedHeaders().ContentRange?.From ?? 0, response.ContentLength ?? 0);
    }

    /// <summary>What the framework needs to know of content that it does not send.</summary>
    internal sealed class LengthOnly(long length) : MemoryStream
    {
        public override long Length => length;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "下载中断: {ExportId}, 已发送 {Bytes} 字节")]
        public static partial void BrokenOff(ILogger logger, string exportId, long bytes);
    }
}
