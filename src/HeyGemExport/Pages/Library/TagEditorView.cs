using HeyGemExport.Library;
using HeyGemExport.Library.Tags;

namespace HeyGemExport.Pages.Library;

/// <param name="Field">The form field that names it: <c>Paths</c> or <c>Batches</c>.</param>
/// <param name="Own">Where its own tags come from; others are changed elsewhere.</param>
internal sealed record TagEditorView(string Field, string Name, TagOrigins Own, IReadOnlyList<AppliedTag> Tags, string ReturnUrl)
{
    public static TagEditorView Of(BatchSummary batch, string returnUrl) =>
        new("Batches", batch.Name, TagOrigins.Batch, batch.Tags, returnUrl);

    public static TagEditorView Of(Video video, string returnUrl) =>
        new("Paths", video.Path, TagOrigins.Video, video.AppliedTags, returnUrl);
}
