using System.Globalization;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Shares;

/// <summary>Links for people without an account. Section <c>Shares</c>.</summary>
internal sealed class ShareOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Shares";

    private const int LongestDays = 365;

    /// <summary>Whether links may be made; those that were made open nothing while this is false. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Days that a link lives when nobody says; 1 to <see cref="MaxDays"/>. Default 7.</summary>
    public int DefaultDays { get; set; } = 7;

    /// <summary>Days that a link may live at most; 1 to 365. Default 30.</summary>
    public int MaxDays { get; set; } = 30;

    /// <summary>Names every wrong value at once, at start.</summary>
    public sealed class Validator : IValidateOptions<ShareOptions>
    {
        public ValidateOptionsResult Validate(string? name, ShareOptions options)
        {
            var errors = new List<string>();
            if (options.MaxDays is < 1 or > LongestDays)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"Shares:MaxDays must be 1 to {LongestDays}; it is {options.MaxDays}."));
            }

            if (options.DefaultDays < 1 || options.DefaultDays > options.MaxDays)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"Shares:DefaultDays must be 1 to Shares:MaxDays; it is {options.DefaultDays}."));
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
