using Microsoft.Extensions.Localization;

namespace HeyGemExport.Health;

/// <summary>Puts a check's result into words, in the language of the current UI culture.</summary>
internal sealed class CheckTexts(IStringLocalizer<HealthTexts> texts)
{
    /// <summary>The check's name, for example "Temp folder".</summary>
    public string Name(CheckResult result) => texts[$"Name.{result.Name}"];

    /// <summary>The state in a word.</summary>
    public string State(CheckState state) => texts[$"State.{state}"];

    /// <summary>What was found.</summary>
    public string Message(CheckResult result) => texts[$"Check.{result.Code}", [.. result.Args]];

    /// <summary>What to do about it; null where nothing is to be done.</summary>
    public string? Remedy(CheckResult result) =>
        result.State == CheckState.Ok ? null : texts[$"Remedy.{result.Code}", [.. result.Args]].Value;
}
