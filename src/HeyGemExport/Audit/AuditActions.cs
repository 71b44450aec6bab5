namespace HeyGemExport.Audit;

/// <summary>The actions in the audit trail; pipelines filter by them. Each has a text <c>Action.&lt;action&gt;</c> in both
/// languages.</summary>
internal static class AuditActions
{
    public const string ExportRequested = "export-requested";
    public const string ExportJoined = "export-joined";
    public const string ExportStarted = "export-started";
    public const string ExportReady = "export-ready";
    public const string ExportFailed = "export-failed";
    public const string ExportCancelled = "export-cancelled";
    public const string ExportExpired = "export-expired";
    public const string ExportRetried = "export-retried";
    public const string ExportDeleted = "export-deleted";

    /// <summary>An archive was removed by a person before its time; the export expires with it.</summary>
    public const string ArchiveRemoved = "archive-removed";

    public const string TagsChanged = "tags-changed";
    public const string DownloadStarted = "download-started";

    /// <summary>The request ended; the record has the bytes actually sent.</summary>
    public const string DownloadFinished = "download-finished";

    public const string UploadRequested = "delivery-requested";
    public const string UploadStarted = "delivery-started";
    public const string UploadReady = "delivery-ready";
    public const string UploadFailed = "delivery-failed";
    public const string UploadCancelled = "delivery-cancelled";

    /// <summary>A signed link to an uploaded object was made.</summary>
    public const string UploadLink = "delivery-link";

    public const string DestinationTested = "destination-tested";

    /// <summary>Somebody gave up an export that others still wait for.</summary>
    public const string ExportLeft = "export-left";

    public const string SignInSucceeded = "sign-in-succeeded";

    /// <summary>Wrong name or password, or a disabled account.</summary>
    public const string SignInFailed = "sign-in-failed";

    /// <summary>The account is locked out, or was locked out by this attempt.</summary>
    public const string SignInLocked = "sign-in-locked";

    public const string SignOut = "sign-out";

    /// <summary>A known caller was denied what the role does not allow.</summary>
    public const string AccessRefused = "access-refused";

    public const string UserAdded = "person-added";
    public const string UserChanged = "person-changed";
    public const string UserDisabled = "person-disabled";
    public const string UserEnabled = "person-enabled";
    public const string PasswordReset = "password-reset";
    public const string PasswordChanged = "password-changed";
    public const string KeyCreated = "key-created";
    public const string KeyRevoked = "key-revoked";
    public const string ShareCreated = "share-created";
    public const string ShareOpened = "share-opened";
    public const string ShareRevoked = "share-revoked";

    /// <summary>An unknown, expired or revoked link was tried, or a wrong password.</summary>
    public const string ShareRefused = "share-refused";

    public const string NotificationDelivered = "notification-delivered";

    /// <summary>A target could not be notified, and is not tried again.</summary>
    public const string NotificationFailed = "notification-failed";

    public const string NotificationTested = "notification-tested";

    /// <summary>All of the above, in this order.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. typeof(AuditActions).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
