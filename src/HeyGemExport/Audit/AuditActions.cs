namespace HeyGemExport.Audit;

/// <summary>Pipelines filter by them. Each has a text <c>Action.&lt;action&gt;</c> in both languages.</summary>
internal static class AuditActions
{
    public const string ExportRequested = "export-requested";
    public const string ExportJoined = "export-joined";
    public const string ExportStarted = "export-started";
    public const string ExportReady = "export-ready";
    public const string ArchiveSummed = "archive-summed"; // the archive's SHA-256, some time after it is ready
    public const string ExportFailed = "export-failed";
    public const string ExportCancelled = "export-cancelled";
    public const string ExportExpired = "export-expired";
    public const string ExportRetried = "export-retried";
    public const string ExportRenamed = "export-renamed"; // for whoever renamed it
    public const string ExportDeleted = "export-deleted";
    public const string ArchiveRemoved = "archive-removed"; // by a person, before its time; the export expires with it
    public const string ArchiveChanged = "archive-changed"; // its file is not the one that was verified; it is verified anew
    public const string TagsChanged = "tags-changed";
    public const string DownloadStarted = "download-started";
    public const string DownloadFinished = "download-finished"; // with the bytes actually sent
    public const string UploadRequested = "delivery-requested";
    public const string UploadStarted = "delivery-started";
    public const string UploadReady = "delivery-ready";
    public const string UploadFailed = "delivery-failed";
    public const string UploadCancelled = "delivery-cancelled";
    public const string UploadLink = "delivery-link"; // a signed link to an uploaded object
    public const string DestinationTested = "destination-tested";
    public const string ExportLeft = "export-left"; // given up while others still wait for it
    public const string SignInSucceeded = "sign-in-succeeded";
    public const string SignInFailed = "sign-in-failed"; // wrong name or password, or a disabled account
    public const string SignInLocked = "sign-in-locked"; // locked out before or by this attempt
    public const string SignOut = "sign-out";
    public const string AccessRefused = "access-refused"; // a known caller, for want of a role
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
    public const string ShareRefused = "share-refused"; // an unknown, expired or revoked link, or a wrong password
    public const string NotificationDelivered = "notification-delivered";
    public const string NotificationFailed = "notification-failed"; // not tried again
    public const string NotificationTested = "notification-tested";

    public static IReadOnlyList<string> All { get; } =
        [.. typeof(AuditActions).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
