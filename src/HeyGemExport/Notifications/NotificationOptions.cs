using System.ComponentModel.DataAnnotations;
using HeyGemExport.Hosting;

namespace HeyGemExport.Notifications;

/// <summary>Who is told when an export ends. Section <c>Notifications</c>.</summary>
internal sealed class NotificationOptions : IValidatableObject
{
    public const string Section = "Notifications";

    /// <summary>Lets targets be at private addresses, and without TLS. Default false.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Seconds that one attempt may take. Default 10.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Attempts before a notification is abandoned. Default 8, which takes about five hours.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 8;

    public Dictionary<string, TargetOptions> Targets { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Targets.SelectMany(target => Check($"Notifications:Targets:{target.Key}", target.Key, target.Value));

    private IEnumerable<ValidationResult> Check(string key, string name, TargetOptions target) => ValidatedOptions.Check(
        (name.Length > 40 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'),
            $"{key}: a target's name must be at most 40 letters, digits, '-' or '_'."),
        (Uri.TryCreate(target.Url, UriKind.Absolute, out var url) && url.Scheme is "http"
            && !(target.AllowPrivateAddresses ?? AllowPrivateAddresses),
            $"{key}:Url must begin with https://, unless {key}:AllowPrivateAddresses is true."));

    public sealed class TargetOptions : IValidatableObject
    {
        private const string KindRule = "{0} must be webhook, dingtalk, wecom or feishu";

        /// <summary><c>webhook</c>, <c>dingtalk</c>, <c>wecom</c> or <c>feishu</c>.</summary>
        [Required(ErrorMessage = KindRule), RegularExpression("(?i)webhook|dingtalk|wecom|feishu", ErrorMessage = KindRule)]
        public string Kind { get; set; } = "";

        /// <summary>Where to send; of a bot this is a secret, because it contains its token.</summary>
        public string Url { get; set; } = "";

        /// <summary>What messages are signed with; a webhook needs one.</summary>
        public string Secret { get; set; } = "";

        public string SecretFile { get; set; } = "";

        /// <summary>What to tell: <c>ready</c>, <c>failed</c>, or both, separated by blanks or commas. Default both.</summary>
        public string Events { get; set; } = "ready failed";

        /// <summary>The language of bots' messages: <c>zh-CN</c> or <c>en</c>. Default <c>zh-CN</c>.</summary>
        [AllowedValues("zh-CN", "en", ErrorMessage = "{0} must be zh-CN or en")]
        public string Language { get; set; } = "zh-CN";

        /// <summary>Instead of <c>Notifications:AllowPrivateAddresses</c> for this target.</summary>
        public bool? AllowPrivateAddresses { get; set; }

        /// <remarks>Never repeats a secret or an address.</remarks>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            var key = validationContext.DisplayName;
            var isUrl = Uri.TryCreate(Url, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.UserInfo.Length == 0;
            var events = NotificationTarget.ReadEvents(Events);
            var areEvents = events.Length > 0 && !events.Except(NotificationEvents.All, StringComparer.Ordinal).Any();
            return ValidatedOptions.Check(
                (!isUrl, $"{key}:Url must be an address that begins with https://, without a name and password in it."),
                (!areEvents, $"{key}:Events must be {string.Join(" or ", NotificationEvents.All)}, or both; it is '{Events}'."),
                (Secret.Length > 0 && SecretFile.Length > 0, $"{key} must have Secret or SecretFile, not both."),
                (SecretFile.Length > 0 && FileSystem.SecretFile.TryRead(SecretFile) is null,
                    $"{key}:SecretFile cannot be read, or is empty; it is {SecretFile}."),
                (Secret.Length == 0 && SecretFile.Length == 0 && "webhook".Equals(Kind, StringComparison.OrdinalIgnoreCase),
                    $"{key}:Secret or SecretFile must be set: the receiver recognizes our messages by their signature."));
        }
    }
}
