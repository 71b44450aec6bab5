using HeyGemExport.Library;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Pages.Library;

/// <summary>The tags of one video or batch, with what is needed to change them.</summary>
/// <param name="Field">The form's field that names it: <c>Paths</c> or <c>Batches</c>.</param>
/// <param name="Name">The video's path or the batch's name.</param>
/// <param name="Own">Where its own tags come from; others are changed elsewhere.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="ReturnUrl">Where to go afterwards.</param>
internal sealed record TagEditorView(string Field, string Name, TagOrigins Own, IReadOnlyList<AppliedTag> Tags, string ReturnUrl)
{
    /// <summary>Of a batch.</summary>
    public static TagEditorView Of(BatchSummary batch, string returnUrl)
    {
        return new("Batches", batch.Name, TagOrigins.Batch, batch.Tags, returnUrl);
    }

    /// <summary>Of a video.</summary>
    public static TagEditorView Of(Video video, string returnUrl)
    {
        return new("Paths", video.Path, TagOrigins.Video, video.AppliedTags, returnUrl);
    }
}
