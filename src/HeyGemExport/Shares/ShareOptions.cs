using System.ComponentModel.DataAnnotations;
using HeyGemExport.Hosting;

namespace HeyGemExport.Shares;

/// <summary>Links for people without an account. Section <c>Shares</c>.</summary>
internal sealed class ShareOptions : IValidatableObject
{
    public const string Section = "Shares";

    /// <summary>Whether links work: while this is false none can be created and existing ones open nothing. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Days that a link is valid unless its creator chooses; 1 to <see cref="MaxDays"/>. Default 7.</summary>
    public int DefaultDays { get; set; } = 7;

    /// <summary>The most days that a link may be valid. Default 30.</summary>
    [Range(1, 365)]
    public int MaxDays { get; set; } = 30;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => ValidatedOptions.Check(
        (DefaultDays < 1 || DefaultDays > MaxDays,
            $"Shares:DefaultDays must be between 1 and Shares:MaxDays ({MaxDays}); it is {DefaultDays}."));
}
