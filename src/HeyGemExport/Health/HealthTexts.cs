namespace HeyGemExport.Health;

/// <summary>The texts of checks, in the language of the current UI culture.</summary>
internal sealed class HealthTexts(IStringLocalizer<HealthTexts> texts)
{
    public string Name(CheckResult result) => texts[$"Name.{result.Name}"];

    public string State(CheckState state) => texts[$"State.{state}"];

    public string Message(CheckResult result) => texts[$"Check.{result.Code}", [.. result.Args]];

    public string? Remedy(CheckResult result) =>
        result.State == CheckState.Ok ? null : texts[$"Remedy.{result.Code}", [.. result.Args]].Value;
}
