using Microsoft.Extensions.Localization;

namespace HeyGemExport.Library.Tasks;

/// <summary>Completeness in plain words, in the language of the request.</summary>
internal static class TaskTexts
{
    /// <summary>One sentence, for example <c>48 of 50: 1 rendering, 1 failed</c>.</summary>
    public static string Describe(this IStringLocalizer<LibraryTexts> texts, BatchTasks tasks)
    {
        if (tasks.Fault is { } fault)
        {
            return texts.Describe(fault);
        }

        var sentence = tasks.IsComplete
            ? texts["Tasks.Complete", tasks.Expected]
            : texts["Tasks.Incomplete", tasks.Present, tasks.Expected, Reasons(texts, tasks)];
        return tasks.Unlisted == 0 ? sentence : texts["Tasks.WithUnlisted", sentence.Value, tasks.Unlisted];
    }

    /// <summary>Why a list cannot be read.</summary>
    public static string Describe(this IStringLocalizer<LibraryTexts> texts, TaskListFault fault)
    {
        return texts[$"TaskListFault.{fault.Code}", fault.Figure];
    }

    /// <summary>Why an expected video is missing, in a word or two.</summary>
    public static string Describe(this IStringLocalizer<LibraryTexts> texts, MissingReason reason)
    {
        return texts[$"MissingReason.{reason}"];
    }

    private static string Reasons(IStringLocalizer<LibraryTexts> texts, BatchTasks tasks) => string.Join(
        texts["Tasks.Separator"],
        tasks.Reasons.Select(count => texts[$"MissingCount.{count.Key}", count.Value].Value));
}
