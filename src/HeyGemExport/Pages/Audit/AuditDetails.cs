using System.Text.RegularExpressions;
using HeyGemExport.Audit;
using HeyGemExport.Exports;
using HeyGemExport.Localization;

namespace HeyGemExport.Pages.Audit;

/// <summary>The details of audit records in a person's language. They are recorded in English, because programs read them; text that
/// somebody typed, names and addresses are shown as they are, and errors in the language of the run log.</summary>
internal sealed partial class AuditDetails(IStringLocalizer<PageTexts> pages, IStringLocalizer<ExportTexts> exports)
{
    private const int Timeout = 1000; // milliseconds

    private const string SoFar =
        @"download (?<download>\S+); status (?<status>\d+); (?<bytes>\d+) bytes of the archive sent so far$";

    private static readonly string[] Kinds = ["Detail", "Role", "Notify.Fault"];

    /// <summary>What is recorded, with the text that says it: a group's words are translated, one called <c>bytes</c> is a size.</summary>
    private static readonly (Regex Recorded, string Text)[] Sentences =
    [
        (Retried(), "Detail.Retried"),
        (LeftOut(), "Detail.LeftOut"),
        (Intact(), "Detail.Intact"),
        (Download(), "Detail.Download"),
        (SavedVideo(), "Detail.SavedVideo"),
        (DownloadFile(), "Detail.DownloadFile"),
        (SentOfFile(), "Detail.SentOfFile"),
        (NothingOfFile(), "Detail.NothingOfFile"),
        (Sent(), "Detail.Sent"),
        (SentRange(), "Detail.SentRange"),
        (HandedOver(), "Detail.HandedOver"),
        (ShareCreated(), "Detail.ShareCreated"),
        (ShareRevoked(), "Detail.ShareRevoked"),
        (Notified(), "Detail.Notified"),
        (More(), "Detail.More"),
        (RoleGiven(), "Detail.RoleGiven"),
        (RoleChanged(), "Detail.RoleChanged"),
        (Until(), "Detail.Until"),
    ];

    public string? Of(AuditRecord record)
    {
        if (record.Detail is not { } detail)
        {
            return null;
        }

        foreach (var (recorded, text) in Sentences)
        {
            if (recorded.Match(detail) is { Success: true } match)
            {
                object[] groups = [.. match.Groups.Cast<Group>().Skip(1).Select(Say)];
                return pages[text, groups];
            }
        }

        return Word(detail);
    }

    private object Say(Group group) => group.Name switch
    {
        "bytes" => ByteSize.Format(long.Parse(group.Value, CultureInfo.InvariantCulture)),
        "reasons" => Reason().Replace(group.Value, match =>
            exports[$"FileIssue.{match.ValueSpan[1..^1]}"] is { ResourceNotFound: false } known ? $"({known.Value})" : match.Value),
        _ => Word(group.Value),
    };

    private string Word(string word) =>
        Kinds.Select(kind => pages[$"{kind}.{word}"]).FirstOrDefault(known => !known.ResourceNotFound)?.Value ?? word;

    [GeneratedRegex(@"^after (?<before>\S+)$", RegexOptions.None, Timeout)]
    private static partial Regex Retried();

    [GeneratedRegex(@"^left out: (?<reasons>.+)$", RegexOptions.Singleline, Timeout)]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"\([a-z-]+\)", RegexOptions.None, Timeout)]
    private static partial Regex Reason();

    [GeneratedRegex(@"^intact after a restart of the machine$", RegexOptions.None, Timeout)]
    private static partial Regex Intact();

    [GeneratedRegex(@"^download (?<download>\S+); (?<archive>\S+\.zip)$", RegexOptions.None, Timeout)]
    private static partial Regex Download();

    [GeneratedRegex(@"^bytes (?<from>\d+)-(?<to>\d+); status (?<status>\d+); video (?<path>.+)$", RegexOptions.Singleline, Timeout)]
    private static partial Regex SavedVideo();

    [GeneratedRegex(@"^download (?<download>\S+); file (?<file>.+)$", RegexOptions.Singleline, Timeout)]
    private static partial Regex DownloadFile();

    [GeneratedRegex(@"^file (?<file>.+); bytes (?<from>\d+)-(?<to>\d+); " + SoFar, RegexOptions.Singleline, Timeout)]
    private static partial Regex SentOfFile();

    [GeneratedRegex("^file (?<file>.+); " + SoFar, RegexOptions.Singleline, Timeout)]
    private static partial Regex NothingOfFile();

    [GeneratedRegex("^" + SoFar, RegexOptions.None, Timeout)]
    private static partial Regex Sent();

    [GeneratedRegex(@"^bytes (?<from>\d+)-(?<to>\d+); " + SoFar, RegexOptions.None, Timeout)]
    private static partial Regex SentRange();

    [GeneratedRegex(@"^bytes (?<from>\d+)-(?<to>\d+) handed over to the proxy; " + SoFar, RegexOptions.None, Timeout)]
    private static partial Regex HandedOver();

    [GeneratedRegex(
        @"^share (?<link>\S+); until (?<until>\S+); password (?<password>yes|no); downloads (?<downloads>\w+)$",
        RegexOptions.None, Timeout)]
    private static partial Regex ShareCreated();

    [GeneratedRegex(@"^share (?<link>\S+)$", RegexOptions.None, Timeout)]
    private static partial Regex ShareRevoked();

    [GeneratedRegex(@"^(?<target>.+); status (?<status>-|\d+)(?:; )?(?<fault>.*)$", RegexOptions.None, Timeout)]
    private static partial Regex Notified();

    [GeneratedRegex(@"^(?<tags>[+-].+), and (?<more>\d+) more$", RegexOptions.Singleline, Timeout)]
    private static partial Regex More();

    [GeneratedRegex(@"^(?<name>.+): (?<role>viewer|operator|admin)$", RegexOptions.None, Timeout)]
    private static partial Regex RoleGiven();

    [GeneratedRegex(@"^(?<name>.+): (?<before>viewer|operator|admin) → (?<role>viewer|operator|admin)$", RegexOptions.None, Timeout)]
    private static partial Regex RoleChanged();

    [GeneratedRegex(@"^(?<link>.+) until (?<until>\d{4}-\d\d-\d\dT\S+)$", RegexOptions.None, Timeout)]
    private static partial Regex Until();
}
