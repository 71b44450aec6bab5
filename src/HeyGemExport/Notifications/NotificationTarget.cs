using System.Globalization;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Notifications;

internal enum TargetKind
{
    Webhook,
    DingTalk,
    WeCom,
    Feishu,
}

internal sealed class NotificationTarget
{
    private static readonly char[] Separators = [' ', ',', ';'];

    internal NotificationTarget(string name, NotificationOptions.TargetOptions options, bool allowPrivate)
    {
        Name = name;
        Kind = Enum.Parse<TargetKind>(options.Kind, ignoreCase: true);
        Url = new Uri(options.Url);
        Secret = options.SecretFile.Length > 0 ? File.ReadAllText(options.SecretFile).Trim() : options.Secret;
        Events = [.. ReadEvents(options.Events)];
        Language = CultureInfo.GetCultureInfo(options.Language);
        AllowsPrivateAddresses = options.AllowPrivateAddresses ?? allowPrivate;
    }

    public string Name { get; }
    public TargetKind Kind { get; }
    public IReadOnlyList<string> Events { get; }
    public CultureInfo Language { get; }
    public bool AllowsPrivateAddresses { get; }

    /// <summary>Its address for people: the rest of a bot's address is its token.</summary>
    public string MaskedUrl => $"{Url.Scheme}://{Url.Authority}/…";

    internal Uri Url { get; }
    internal string Secret { get; }

    internal static string[] ReadEvents(string events) =>
    [
        .. events.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(one => one.ToLowerInvariant())
            .Distinct(StringComparer.Ordinal),
    ];
}

internal sealed class NotificationTargets(IOptions<NotificationOptions> options)
{
    public IReadOnlyList<NotificationTarget> All { get; } =
    [
        .. options.Value.Targets.OrderBy(target => target.Key, StringComparer.OrdinalIgnoreCase)
            .Select(target => new NotificationTarget(target.Key, target.Value, options.Value.AllowPrivateAddresses)),
    ];

    public NotificationTarget? Find(string? name) =>
        All.FirstOrDefault(target => string.Equals(target.Name, name, StringComparison.OrdinalIgnoreCase));
}
