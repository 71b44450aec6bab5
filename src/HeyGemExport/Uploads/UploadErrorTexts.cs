using HeyGemExport.Exports;
using HeyGemExport.Localization;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Uploads;

/// <summary>Errors of deliveries in a person's language; those that exports have too are worded as there.</summary>
internal sealed class UploadErrorTexts(IStringLocalizer<UploadTexts> texts, ExportErrorTexts exports)
{
    private const int FilesNamed = 5;

    /// <summary>What happened, in the language of the request and for whoever makes it.</summary>
    public string Message(ExportError error) => Message(error, exports.NamesFolders);

    /// <inheritdoc cref="ExportErrorTexts.Message(ExportError, bool)"/>
    public string Message(ExportError error, bool namesFolders) =>
        (namesFolders ? null : Find("ErrorForAnyone.", error)) ?? Find("Error.", error) ?? exports.Message(error, namesFolders);

    /// <summary>What to do about it, in the language of the request.</summary>
    public string Remedy(ExportError error) => Find("Remedy.", error) ?? exports.Remedy(error);

    /// <summary>The error as the API answers it.</summary>
    internal ErrorResponse Describe(ExportError error) => new(error.Code, Message(error), Remedy(error), error.Files);

    /// <summary>What happened and to which files, in the run log's language.</summary>
    public string ForRunLog(ExportError error)
    {
        return RunLogLanguage.Say(() =>
        {
            var files = error.Files ?? [];
            var message = Message(error, namesFolders: true);
            return files.Count == 0 ? message : $"{message} [{string.Join("; ", files.Take(FilesNamed).Select(issue => $"{issue.Path}: {exports.Reason(issue)}"))}]";
        });
    }

    private string? Find(string kind, ExportError error)
    {
        var text = texts[kind + error.Code, [.. error.Args ?? []]];
        return text.ResourceNotFound ? null : text.Value;
    }
}
