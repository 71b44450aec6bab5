using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Exports.Retention;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace HeyGemExport.Exports.Downloads;

/// <summary>Sends an archive. Ranges, conditional requests and HEAD are the framework's work; here the archive is protected against removal
/// and the bytes that were actually sent are recorded.</summary>
internal sealed class DownloadEndpoint(
    ExportService exports,
    DownloadRecorder recorder,
    DownloadSender sender,
    ActiveDownloads active,
    AccelRedirect accel,
    ArchiveFiles files,
    InstantArchives instant,
    ExportNames names,
    ExportErrorTexts texts)
{
    /// <param name="number">Which part of its set; null for the archive of an export that has only one.</param>
    /// <param name="caller">Who downloads: the account of the request, or a share link.</param>
    /// <param name="onSent">Learns the archive's length, and what of it was sent.</param>
    public async Task<IResult> HandleAsync(
        string id, int? number, Caller caller, HttpContext context, Func<long, SentBytes, Task>? onSent = null)
    {
        using var lease = await active.TryAcquireAsync(id, context.RequestAborted);
        var export = await exports.FindAsync(id, caller, context.RequestAborted);
        var part = export?.Parts.FirstOrDefault(part => part.Number == (number ?? 1));
        if (Refuse(export, part, number, lease) is var (status, code))
        {
            return Refusal(status, code, context);
        }

        var requested = new Requested(export!, part!, caller) { OnSent = onSent };
        return part!.IsInstant ? await SendInstantAsync(requested, context) : await SendPackedAsync(requested, context);
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

    private async Task<IResult> SendPackedAsync(Requested requested, HttpContext context)
    {
        var (export, part) = (requested.Export, requested.Part);
        using var file = await files.OpenAsync(export, part, context.RequestAborted);
        if (file is null)
        {
            await files.DistrustAsync(export, part, context.RequestAborted);
            return Refusal(StatusCodes.Status409Conflict, "not-ready", context);
        }

        Prepare(export, part, context);
        var answer = DownloadSender.Answer(export, part.Bytes, "application/zip", TagOf(export, part));
        if (accel.Takes(context))
        {
            var download = await recorder.BeginAsync(requested, context.RequestAborted);
            await recorder.EndAsync(requested, download, await HandOverAsync(answer, part, context));
            return Results.Empty;
        }

        return await sender.SendAsync(
            requested, context, answer, (buffer, at) => RandomAccess.ReadAsync(file, buffer, at, context.RequestAborted));
    }

    /// <summary>Sends what the map of the archive says, from the videos.</summary>
    private async Task<IResult> SendInstantAsync(Requested requested, HttpContext context)
    {
        var (export, part) = (requested.Export, requested.Part);
        await using var archive = await instant.OpenAsync(export, part, context.RequestAborted);
        Prepare(export, part, context);
        return await sender.SendAsync(
            requested, context, DownloadSender.Answer(export, archive.Length, "application/zip", TagOf(export, part)),
            (buffer, at) => archive.ReadAtAsync(buffer, at, context.RequestAborted));
    }

    /// <summary>Stays with the bytes: an export that is built anew is finished at another time.</summary>
    private static EntityTagHeaderValue TagOf(Export export, ArchivePart part) =>
        new(string.Create(CultureInfo.InvariantCulture, $"\"{export.Id}-{part.Number}-{export.FinishedAt?.ToUnixTimeMilliseconds():x}\""));

    /// <summary>Leaves the bytes to nginx.</summary>
    private async Task<SentBytes> HandOverAsync(FileStreamHttpResult result, ArchivePart part, HttpContext context)
    {
        var response = context.Response;
        var (status, from, count) = await DownloadSender.AnswerAsHeadAsync(result, context);
        if (status is not (StatusCodes.Status200OK or StatusCodes.Status206PartialContent))
        {
            await response.CompleteAsync();
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
        DownloadSender.Prepare(context);
        context.Response.Headers.ContentDisposition = DownloadSender.Attachment(part.Name, names.FileName(export, part));
        if (part.Sha256 is { } sum)
        {
            context.Response.Headers["Repr-Digest"] = DownloadSender.Digest(Convert.FromHexString(sum));
        }
    }
}
