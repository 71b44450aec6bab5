using HeyGemExport.Library.Tags;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Library;

/// <summary>Marks the texts of the library: <c>LibraryTexts.resx</c> (English) and <c>LibraryTexts.zh-CN.resx</c>.</summary>
internal sealed class LibraryTexts;

/// <summary>Texts of faults.</summary>
internal static class LibraryTextsExtensions
{
    /// <summary>The most names that a text lists.</summary>
    private const int NamesInText = 5;

    /// <summary>A fault in plain words, in the language of the request.</summary>
    public static string Describe(this IStringLocalizer<LibraryTexts> texts, VideoFault fault)
    {
        return texts[$"VideoFault.{fault.Code}", [.. fault.Args]];
    }

    /// <summary>The fault of a <c>tags.json</c> in plain words, in the language of the request.</summary>
    public static string Describe(this IStringLocalizer<LibraryTexts> texts, TagFileFault fault)
    {
        return texts[$"TagFileFault.{fault.Code}", fault.Figure];
    }

    /// <summary>A refusal in plain words, in the language of the request.</summary>
    public static string Describe(this IStringLocalizer<LibraryTexts> texts, TagEditResult.Refused refused)
    {
        var names = string.Join(", ", refused.Names.Take(NamesInText)) + (refused.Names.Count > NamesInText ? " …" : "");
        return texts[$"TagEdit.{refused.Code}", names, TagName.MaxLength, TagName.MaxPerItem, TagEdit.MaxItems];
    }
}
