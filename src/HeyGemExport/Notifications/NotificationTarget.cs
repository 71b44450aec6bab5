namespace HeyGemExport.Notifications;

internal enum TargetKind
{
    Webhook,
    DingTalk,
    WeCom,
    Feishu,
}

internal sealed class NotificationTarget(string name, NotificationOptions.TargetOptions options, bool allowPrivate)
{
    private static readonly char[] Separators = [' ', ',', ';'];

    public string Name => name;
    public TargetKind Kind { get; } = Enum.Parse<TargetKind>(options.Kind, ignoreCase: true);
    public IReadOnlyList<string> Events { get; } = ReadEvents(options.Events);
    public CultureInfo Language { get; } = CultureInfo.GetCultureInfo(options.Language);
    public bool AllowsPrivateAddresses { get; } = options.AllowPrivateAddresses ?? allowPrivate;

    /// <summary>Its address for people: the rest of a bot's address is its token.</summary>
    public string MaskedUrl => $"{Url.Scheme}://{Url.Authority}/…";

    internal Uri Url { get; } = new(options.Url);
    internal string Secret { get; } =
        options.SecretFile.Length > 0 ? File.ReadAllText(options.SecretFile).Trim() : options.Secret;

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
