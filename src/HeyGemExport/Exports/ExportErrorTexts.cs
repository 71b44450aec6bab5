using System.Globalization;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Exports;

/// <summary>Errors of exports in a person's language.</summary>
public sealed class ExportErrorTexts(IStringLocalizer<ExportTexts> texts)
{
    private const int FilesNamed = 5;

    /// <summary>What happened, in the language of the request.</summary>
    public string Message(ExportError error) => Format("Error." + error.Code, error);

    /// <summary>What to do about it, in the language of the request.</summary>
    public string Remedy(ExportError error) => Format("Remedy." + error.Code, error);

    /// <summary>Why a file is left out, in the language of the request.</summary>
    public string Reason(FileIssue issue) => texts["FileIssue." + issue.Reason];

    /// <summary>What happened and to which files, in the run log's language.</summary>
    public string ForRunLog(ExportError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return RunLogLanguage.Say(() =>
        {
            var files = error.Files ?? [];
            var named = string.Join("; ", files.Take(FilesNamed).Select(issue => $"{issue.Path}: {Reason(issue)}"));
            var more = files.Count > FilesNamed ? $" … ({files.Count})" : "";
            return files.Count == 0 ? Message(error) : $"{Message(error)} [{named}{more}]";
        });
    }

    private string Format(string key, ExportError error)
    {
        // Figures are kept as bytes; a person reads them as sizes.
        object[] args = [.. (error.Args ?? []).Select(arg => long.TryParse(arg, CultureInfo.InvariantCulture, out var bytes) ? ByteSize.Format(bytes) : arg)];
        return texts[key, args];
    }
}
