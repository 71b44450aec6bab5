using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Archives;
using HeyGemExport.Exports.Retention;
using HeyGemExport.Library;
using HeyGemExport.Library.Posters;
using Microsoft.Net.Http.Headers;

namespace HeyGemExport.Exports.Downloads;

/// <summary>Sends single files of a ready export, and pictures of them. A file is a piece of its archive: what is sent of it is counted as
/// sent of the archive.</summary>
internal sealed class FileDownloadEndpoint(
    ExportFiles files, DownloadSender sender, ActiveDownloads active, LibraryIndex library, PosterService posters)
{
    /// <param name="onSent">Learns the file's length, and what of it was sent.</param>
    public async Task<IResult> HandleAsync(
        Export export, int number, Caller caller, HttpContext context, Func<long, SentBytes, Task>? onSent = null)
    {
        using var lease = await active.TryAcquireAsync(export.Id, context.RequestAborted);
        if (await files.FindAsync(export, number, context.RequestAborted) is not { } file)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, "not-found");
        }

        if (lease is null)
        {
            return ApiProblem.Of(StatusCodes.Status410Gone, "expired");
        }

        await using var content = await files.OpenAsync(export, file, context.RequestAborted);
        if (content is null)
        {
            return ApiProblem.Of(StatusCodes.Status409Conflict, "not-ready");
        }

        var name = Path.GetFileName(file.Entry.EntryName);
        DownloadSender.Prepare(context);
        var headers = context.Response.Headers;
        headers.ContentDisposition = DownloadSender.Attachment($"{export.Id}-{number}{Path.GetExtension(name)}", name);
        headers["Repr-Digest"] = DownloadSender.Digest(file.Sha256);
        var requested = new Requested(export, export.Parts.Single(part => part.Number == file.Entry.Part), caller)
        {
            File = new SingleFile(file.Entry.EntryName, file.Entry.Bytes, content.Offset),
            OnSent = onSent,
        };
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(file.Sha256)}\"");
        return await sender.SendAsync(
            requested, context,
            DownloadSender.Answer(export, file.Entry.Bytes, VideoTypes.Of(name), tag, ranges: content.Offset is not null),
            content.ReadAtAsync);
    }

    /// <returns>No content when the file has no poster.</returns>
    public async Task<IResult> PosterAsync(Export export, int number, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(export, number, cancellationToken) is not { } file)
        {
            return ApiProblem.Of(StatusCodes.Status404NotFound, "not-found");
        }

        var entry = file.Entry;
        if (library.Current.Find(entry.Path) is { } video && (video.Bytes, video.ModifiedAt) == (entry.Bytes, entry.ModifiedAt))
        {
            return await PosterEndpoints.OfAsync(posters, video, cancellationToken);
        }

        await using var content = await files.OpenAsync(export, file, cancellationToken);
        return content is { Archive: { } archive, Offset: { } offset }
            ? await PosterEndpoints.OfAsync(posters, new FileWindow(archive, offset, entry.Bytes), cancellationToken)
            : TypedResults.NoContent();
    }
}
