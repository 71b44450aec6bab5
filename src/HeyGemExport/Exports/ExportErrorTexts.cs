using HeyGemExport.Accounts;
using HeyGemExport.Localization;

namespace HeyGemExport.Exports;

/// <summary>Errors in a person's language. Only operators, the shell and the run log are told folders of the server.</summary>
internal sealed class ExportErrorTexts(IStringLocalizer<ExportTexts> texts, IHttpContextAccessor requests)
{
    private const int FilesNamed = 5;

    /// <summary>Whether whoever makes the request may know folders of the server; without a request, nobody does.</summary>
    internal bool NamesFolders => requests.HttpContext?.User.HasRole(Roles.Operator) == true;

    /// <summary>An address of the app, below the path under which a proxy has it.</summary>
    public string Address(string path) => $"{requests.HttpContext?.Request.PathBase}{path}";

    public string Message(ExportError error) => Message(error, NamesFolders);

    public string Message(ExportError error, bool namesFolders) =>
        !namesFolders && Format("ErrorForAnyone." + error.Code, error) is { ResourceNotFound: false } plain
            ? plain
            : Format("Error." + error.Code, error);

    public string Remedy(ExportError error) => Format("Remedy." + error.Code, error);

    public string Reason(FileIssue issue) => texts["FileIssue." + issue.Reason];

    public string ForRunLog(ExportError error) => ForRunLog(error, () => Message(error, namesFolders: true));

    internal string ForRunLog(ExportError error, Func<string> message) => RunLogLanguage.Say(() =>
    {
        var files = error.Files ?? [];
        var named = string.Join("; ", files.Take(FilesNamed).Select(issue => $"{issue.Path}: {Reason(issue)}"));
        var more = files.Count > FilesNamed ? $" … ({files.Count})" : "";
        return files.Count == 0 ? message() : $"{message()} [{named}{more}]";
    });

    private LocalizedString Format(string key, ExportError error)
    {
        // Figures are kept as bytes; a person reads them as sizes.
        object[] args =
        [
            .. (error.Args ?? []).Select(arg =>
                long.TryParse(arg, CultureInfo.InvariantCulture, out var bytes) ? ByteSize.Format(bytes) : arg),
        ];
        return texts[key, args];
    }
}

/// <summary>Marks the texts of exports: <c>ExportTexts.resx</c> (English) and <c>ExportTexts.zh-CN.resx</c>.</summary>
public sealed class ExportTexts;
