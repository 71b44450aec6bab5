using HeyGemExport.Library.Tags;
using HeyGemExport.Library.Tasks;
using HeyGemExport.Localization;

namespace HeyGemExport.Library;

internal sealed class LibraryTexts;

internal static class LibraryTextsExtensions
{
    private const int NamesInText = 5;

    public static string Describe(this IStringLocalizer<LibraryTexts> texts, VideoFault fault) =>
        texts[$"VideoFault.{fault.Code}", [.. fault.Args.Select(arg => arg is long bytes ? ByteSize.Format(bytes) : arg)]];

    public static string DescribeTaskList(this IStringLocalizer<LibraryTexts> texts, SidecarIssue issue) =>
        texts[$"TaskListFault.{issue.Code}", issue.Figure];

    public static string DescribeTagFile(this IStringLocalizer<LibraryTexts> texts, SidecarIssue issue) =>
        texts[$"TagFileFault.{issue.Code}", issue.Figure];

    public static string Describe(this IStringLocalizer<LibraryTexts> texts, TagEditResult.Refused refused)
    {
        var names = string.Join(", ", refused.Names.Take(NamesInText)) + (refused.Names.Count > NamesInText ? " …" : "");
        return texts[$"TagEdit.{refused.Code}", names, TagName.MaxLength, TagName.MaxPerItem, TagEdit.MaxItems];
    }

    public static string Describe(this IStringLocalizer<LibraryTexts> texts, MissingReason reason) => texts[$"MissingReason.{reason}"];

    /// <summary>How complete a batch is, in one sentence; for example <c>48 of 50: 1 rendering, 1 failed</c>.</summary>
    public static string Describe(this IStringLocalizer<LibraryTexts> texts, BatchTasks tasks)
    {
        if (tasks.Issue is { } issue)
        {
            return texts.DescribeTaskList(issue);
        }

        var counts = tasks.Reasons.Select(count => texts[$"MissingCount.{count.Key}", count.Value].Value);
        var sentence = tasks.IsComplete
            ? texts["Tasks.Complete", tasks.Expected]
            : texts["Tasks.Incomplete", tasks.Present, tasks.Expected, string.Join(texts["Tasks.Separator"], counts)];
        return tasks.Unlisted == 0 ? sentence : texts["Tasks.WithUnlisted", sentence.Value, tasks.Unlisted];
    }
}
