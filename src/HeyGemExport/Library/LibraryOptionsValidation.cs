using System.Globalization;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Library;

/// <summary>Reports everything that is wrong with the section <c>Library</c> at once, by key.</summary>
internal sealed class LibraryOptionsValidation : IValidateOptions<LibraryOptions>
{
    private static readonly string[] WatchModes = ["auto", "events", "polling"];

    public ValidateOptionsResult Validate(string? name, LibraryOptions options)
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(options.OutputsPath) || options.OutputsPath.Contains('\0', StringComparison.Ordinal))
        {
            errors.Add("Library:OutputsPath must name a folder.");
        }

        if (!(options.SettleSeconds >= 0 && options.SettleSeconds <= LibraryOptions.MaxSettleSeconds))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Library:SettleSeconds must be from 0 to {LibraryOptions.MaxSettleSeconds}, and is {options.SettleSeconds}."));
        }

        if (!WatchModes.Contains(options.Watch, StringComparer.OrdinalIgnoreCase))
        {
            errors.Add($"Library:Watch must be auto, events or polling, and is '{options.Watch}'.");
        }

        foreach (var folder in VideoExtensions.SplitFolders(options.IgnoredFolders).Where(folder => folder.IndexOfAny(['/', '\\', '\0']) >= 0 || folder.All(letter => letter == '*')))
        {
            errors.Add($"Library:IgnoredFolders must be names of folders, not paths, and '{folder}' is not.");
        }

        AddExtensionErrors(options.Extensions, errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void AddExtensionErrors(string extensions, List<string> errors)
    {
        var parts = VideoExtensions.Split(extensions);
        if (parts.Length == 0)
        {
            errors.Add("Library:Extensions must list at least one extension, such as .mp4.");
        }

        foreach (var part in parts.Where(part => part.Length < 2 || part[0] != '.' || !part.AsSpan(1).ContainsOnlyLettersAndDigits()))
        {
            errors.Add($"Library:Extensions must be a dot followed by letters or digits each, and '{part}' is not.");
        }
    }
}

/// <summary>What an extension may consist of.</summary>
file static class ExtensionCharacters
{
    public static bool ContainsOnlyLettersAndDigits(this ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsLetterOrDigit(character))
            {
                return false;
            }
        }

        return true;
    }
}
