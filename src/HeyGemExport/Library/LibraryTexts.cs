using HeyGemExport.Library.Tags;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Library;

/// <summary>Marks the texts of the library: <c>LibraryTexts.resx</c> (English) and <c>LibraryTexts.zh-CN.resx</c>.</summary>
public sealed class LibraryTexts;

/// <summary>Texts of faults.</summary>
public static class LibraryTextsExtensions
{
    /// <summary>A fault in plain words, in the language of the request.</summary>
    public static string Describe(this IStringLocalizer<LibraryTexts> texts, VideoFault fault)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(fault);
        return texts[$"VideoFault.{fault.Code}", [.. fault.Args.Select(arg => arg is long bytes ? ByteSize.Format(bytes) : arg)]];
    }

    /// <summary>The fault of a <c>tags.json</c> in plain words, in the language of the request.</summary>
    public static string Describe(this IStringLocalizer<LibraryTexts> texts, TagFileFault fault)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(fault);
        return texts[$"TagFileFault.{fault.Code}", fault.Figure];
    }
}
