using HeyGemExport.Shares;

namespace HeyGemExport.Pages.Exports;

/// <summary>The form of a new link, as it was typed.</summary>
internal sealed record ShareForm(string? Days, string? Password, string? MaxDownloads, string? Title, string? Sender)
{
    public ShareRequest ToRequest() => new(
        PageModelExtensions.ReadNumber(Days), Password, PageModelExtensions.ReadNumber(MaxDownloads), Title, Sender);
}
