namespace HeyGemExport.Notifications;

/// <summary>Who is told when an export ends. Section <c>Notifications</c>.</summary>
internal sealed class NotificationOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Notifications";

    /// <summary>Lets targets be at private addresses, and without TLS. Default false.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Seconds that one attempt may take; 1 to 60. Default 10.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Attempts before a notification is given up; 1 to 20. Default 8, which takes about five hours.</summary>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>The targets by name.</summary>
    public Dictionary<string, TargetOptions> Targets { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Section <c>Notifications:Targets:&lt;name&gt;</c>.</summary>
    public sealed class TargetOptions
    {
        /// <summary><c>webhook</c>, <c>dingtalk</c>, <c>wecom</c> or <c>feishu</c>.</summary>
        public string Kind { get; set; } = "";

        /// <summary>Where to send; of a bot this is a secret, because it contains its token.</summary>
        public string Url { get; set; } = "";

        /// <summary>What messages are signed with; a webhook needs one.</summary>
        public string Secret { get; set; } = "";

        /// <summary>A file that holds the secret, instead of <see cref="Secret"/>.</summary>
        public string SecretFile { get; set; } = "";

        /// <summary>What to tell: <c>ready</c>, <c>failed</c>, or both, separated by blanks or commas. Default both.</summary>
        public string Events { get; set; } = "ready failed";

        /// <summary>The language of bots' messages: <c>zh-CN</c> or <c>en</c>. Default <c>zh-CN</c>.</summary>
        public string Language { get; set; } = "zh-CN";

        /// <summary>Instead of <c>Notifications:AllowPrivateAddresses</c> for this target.</summary>
        public bool? AllowPrivateAddresses { get; set; }
    }
}
