using System.Globalization;
using HeyGemExport.Exports;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Pages.Exports;

/// <summary>Errors and reasons of exports in the person's language.</summary>
public sealed class ExportWords(IStringLocalizer<ExportTexts> texts)
{
    /// <summary>What happened.</summary>
    public string Message(ExportError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Text("Error", error);
    }

    /// <summary>What to do about it.</summary>
    public string Remedy(ExportError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return Text("Remedy", error);
    }

    /// <summary>Why a file is left out or cannot be packed.</summary>
    public string Reason(string reason) => Or(texts[$"FileIssue.{reason}"], reason);

    private string Text(string kind, ExportError error)
    {
        object[] args = [.. (error.Args ?? []).Select(arg => Readable(error.Code, arg))];
        var text = texts[$"{kind}.{error.Code}"];
        return Or(text.ResourceNotFound ? text : texts[text.Name, args], texts[$"{kind}.internal"]);
    }

    // Codes that other versions wrote into the database may have no text here.
    private static string Or(LocalizedString text, string otherwise) => text.ResourceNotFound ? otherwise : text.Value;

    private static string Readable(string code, string arg) =>
        code is "not-enough-space" && long.TryParse(arg, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? ByteSize.Readable(bytes)
            : arg;
}
