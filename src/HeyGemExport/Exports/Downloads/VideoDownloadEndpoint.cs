using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Archives;
using HeyGemExport.Audit;
using HeyGemExport.Exports.Retention;
using HeyGemExport.FileSystem;
using HeyGemExport.Library;
using HeyGemExport.Library.Fingerprints;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace HeyGemExport.Exports.Downloads;

/// <summary>Sends a video by itself, for whoever saves it without an archive: recorded as downloads of archives are.</summary>
internal sealed class VideoDownloadEndpoint(
    LibraryIndex library,
    OutputsRoot outputs,
    VideoDigests digests,
    DownloadHistory history,
    ActiveDownloads active,
    AuditTrail audit,
    ExportMetrics metrics,
    IOptions<DownloadOptions> options,
    TimeProvider time)
{
    /// <summary>With <c>Want-Repr-Digest</c> (RFC 9530, section 4) the SHA-256 is in the answer: to a GET where it is known at once, to a
    /// HEAD always.</summary>
    public async Task<IResult> HandleAsync(string? path, HttpContext context)
    {
        if (path is null || library.Current.Find(path) is not { State: not VideoState.Writing } video)
        {
            return Refuse(context, StatusCodes.Status404NotFound, "not-found");
        }

        try
        {
            await using var file = outputs.OpenRead(path);
            DownloadSender.Prepare(context);
            if (await FindDigestAsync(path, file, context) is { } sha256)
            {
                context.Response.Headers["Repr-Digest"] = DownloadSender.Digest(Convert.FromHexString(sha256));
            }

            context.Response.Headers.ContentDisposition = NameOf(video);
            await SendAsync(video, file, context);
            return Results.Empty;
        }
        catch (FileNotFoundException)
        {
            return Refuse(context, StatusCodes.Status404NotFound, "not-found");
        }
        catch (UnauthorizedAccessException)
        {
            return Refuse(context, StatusCodes.Status403Forbidden, "unreadable");
        }
    }

    private static IResult Refuse(HttpContext context, int status, string code) =>
        context.Request.IsForPage() ? TypedResults.StatusCode(status) : ApiProblem.Of(status, code);

    private static string NameOf(Video video)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(PortableName.Of(video.Name));
        return disposition.ToString();
    }

    private async Task<string?> FindDigestAsync(string path, FileStream file, HttpContext context) =>
        !context.Request.Headers.ContainsKey("Want-Repr-Digest") ? null
        : HttpMethods.IsHead(context.Request.Method)
            ? await digests.ComputeAsync(path, file.SafeFileHandle, context.RequestAborted)
            : await digests.FindAsync(path, file.SafeFileHandle, context.RequestAborted);

    private async Task SendAsync(Video video, FileStream file, HttpContext context)
    {
        var (length, modifiedAt) = (file.Length, OutputsRoot.StatusOf(file.SafeFileHandle).ModifiedAt);
        var result = TypedResults.Stream(
            new DownloadSender.LengthOnly(length), VideoTypes.Of(video.Path), fileDownloadName: null, modifiedAt,
            VideoFileEndpoints.TagOf(length, modifiedAt), enableRangeProcessing: true);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            await result.ExecuteAsync(context);
            return;
        }

        var (status, from, count) = await DownloadSender.AnswerAsHeadAsync(result, context);
        if (status is not (StatusCodes.Status200OK or StatusCodes.Status206PartialContent))
        {
            return;
        }

        metrics.DownloadStarted();
        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var body = new CountingResponseBody(context.Features, active, TimeSpan.FromSeconds(options.Value.StallSeconds), time);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await body.SendAsync(
                (buffer, at) => RandomAccess.ReadAsync(file.SafeFileHandle, buffer, at, context.RequestAborted),
                from, count, context.RequestAborted);
            await context.Response.CompleteAsync();
        }
        catch (Exception exception) when (exception is ConnectionAbortedException
            || (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException))
        {
            // What was sent is recorded.
        }
        catch (EndOfStreamException)
        {
            // It was cut meanwhile: what was promised must not look complete.
            context.Abort();
        }
        finally
        {
            context.Features.Set(original);
            await RecordAsync(video, (length, modifiedAt), new SentBytes(from, body.Sent, status), Caller.Of(context));
        }
    }

    private async Task RecordAsync(Video video, (long Bytes, DateTimeOffset ModifiedAt) version, SentBytes sent, Caller caller)
    {
        // Whoever resumes has what comes before.
        var isComplete = sent.From + sent.Count == version.Bytes;
        if (isComplete)
        {
            await history.AddAsync(caller, video.Path, version.Bytes, version.ModifiedAt);
        }

        var outcome = isComplete ? "complete" : "partial";
        metrics.DownloadFinished(sent.Count, outcome);
        var range = sent.Count > 0 ? $"bytes {sent.From}-{sent.From + sent.Count - 1}; " : "";
        await audit.RecordAsync(
            AuditActions.DownloadFinished, caller, CancellationToken.None, exportId: null, fileCount: 1, sent.Count, outcome,
            $"{range}status {sent.Status}; video {video.Path}");
    }
}
