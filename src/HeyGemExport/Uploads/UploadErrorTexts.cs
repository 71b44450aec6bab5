using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

public sealed class UploadTexts;

/// <summary>Errors of uploads in a person's language; those that exports have too are worded as there.</summary>
internal sealed class UploadErrorTexts(IStringLocalizer<UploadTexts> texts, ExportErrorTexts exports)
{
    public string Message(ExportError error) => Message(error, exports.NamesFolders);

    public string Message(ExportError error, bool namesFolders) =>
        (namesFolders ? null : Find("ErrorForAnyone.", error)) ?? Find("Error.", error) ?? exports.Message(error, namesFolders);

    public string Remedy(ExportError error) => Find("Remedy.", error) ?? exports.Remedy(error);

    internal ErrorResponse Describe(ExportError error) => new(error.Code, Message(error), Remedy(error), error.Files);

    public string ForRunLog(ExportError error) => exports.ForRunLog(error, () => Message(error, namesFolders: true));

    private string? Find(string kind, ExportError error)
    {
        var text = texts[kind + error.Code, [.. error.Args ?? []]];
        return text.ResourceNotFound ? null : text.Value;
    }
}
