using System.Globalization;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Notifications;

/// <summary>Names every wrong setting of <c>Notifications</c> at once, at start; never a secret or an address.</summary>
internal sealed class ValidateNotificationOptions : IValidateOptions<NotificationOptions>
{
    private static readonly string[] Kinds = [.. Enum.GetNames<TargetKind>().Select(kind => kind.ToLowerInvariant())];

    public ValidateOptionsResult Validate(string? name, NotificationOptions options)
    {
        List<string> errors = [.. options.Targets.SelectMany(target => Wrong($"Notifications:Targets:{target.Key}", target.Key, target.Value, options.AllowPrivateAddresses))];
        if (options.TimeoutSeconds is < 1 or > 60)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Notifications:TimeoutSeconds must be 1 to 60; it is {options.TimeoutSeconds}."));
        }

        if (options.MaxAttempts is < 1 or > 20)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Notifications:MaxAttempts must be 1 to 20; it is {options.MaxAttempts}."));
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Wrong(string key, string name, NotificationOptions.TargetOptions target, bool allowPrivate)
    {
        if (name.Length > 40 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            yield return $"{key} must be called by at most 40 letters, digits, '-' or '_'.";
        }

        if (!Kinds.Contains(target.Kind, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{key}:Kind must be {string.Join(", ", Kinds)}; it is {target.Kind}.";
        }

        if (!Uri.TryCreate(target.Url, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0)
        {
            yield return $"{key}:Url must be an address that begins with https://, without a name and password in it.";
        }
        else if (url.Scheme is "http" && !(target.AllowPrivateAddresses ?? allowPrivate))
        {
            yield return $"{key}:Url must begin with https://, unless {key}:AllowPrivateAddresses is true.";
        }

        foreach (var wrong in WrongSecret(key, target))
        {
            yield return wrong;
        }

        var events = NotificationTarget.ReadEvents(target.Events);
        if (events.Length == 0 || events.Except(NotificationEvents.All, StringComparer.Ordinal).Any())
        {
            yield return $"{key}:Events must be {string.Join(" or ", NotificationEvents.All)}, or both; it is {target.Events}.";
        }

        if (target.Language is not ("zh-CN" or "en"))
        {
            yield return $"{key}:Language must be zh-CN or en; it is {target.Language}.";
        }
    }

    private static IEnumerable<string> WrongSecret(string key, NotificationOptions.TargetOptions target)
    {
        if (target.Secret.Length > 0 && target.SecretFile.Length > 0)
        {
            yield return $"{key} must have Secret or SecretFile, not both.";
        }

        if (target.SecretFile.Length > 0 && Unreadable(target.SecretFile) is { } reason)
        {
            yield return $"{key}:SecretFile cannot be read: {reason}";
        }

        if (string.Equals(target.Kind, nameof(TargetKind.Webhook), StringComparison.OrdinalIgnoreCase) && target.Secret.Length == 0 && target.SecretFile.Length == 0)
        {
            yield return $"{key}:Secret or SecretFile must be set: a receiver knows by the signature that a message is ours.";
        }
    }

    private static string? Unreadable(string path)
    {
        try
        {
            return string.IsNullOrWhiteSpace(File.ReadAllText(path)) ? "it is empty." : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return exception.Message;
        }
    }
}
