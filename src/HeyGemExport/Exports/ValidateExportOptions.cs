using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Exports;

/// <summary>Names every wrong setting of <c>Exports</c> at once, at start.</summary>
internal sealed partial class ValidateExportOptions : IValidateOptions<ExportOptions>
{
    public ValidateOptionsResult Validate(string? name, ExportOptions options)
    {
        (bool Holds, string Rule)[] rules =
        [
            (Prefix().IsMatch(options.NamePrefix ?? ""), "Exports:NamePrefix must be 1 to 60 letters, digits, '_', '-' or '.', and begin with a letter or digit"),
            (options.SoftTimeoutSeconds is >= 1 and <= 86_400, "Exports:SoftTimeoutSeconds must be 1 to 86400"),
            (options.Workers is >= 1 and <= 64, "Exports:Workers must be 1 to 64"),
            (options.RetentionHours is > 0 and <= 8760, "Exports:RetentionHours must be above 0 and at most 8760"),
            (options.MaxTempBytes >= 0, "Exports:MaxTempBytes must be 0 (no cap) or a number of bytes"),
        ];
        string[] broken = [.. from rule in rules where !rule.Holds select rule.Rule];
        return broken.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(broken);
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prefix();
}
