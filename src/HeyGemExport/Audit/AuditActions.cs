namespace HeyGemExport.Audit;

/// <summary>The names of what the audit trail records; pipelines filter by them.</summary>
internal static class AuditActions
{
    /// <summary>A selection was confirmed and recorded as a new export.</summary>
    public const string ExportRequested = "export-requested";

    /// <summary>A confirmation joined an export with the same content.</summary>
    public const string ExportJoined = "export-joined";

    /// <summary>A worker began to pack.</summary>
    public const string ExportStarted = "export-started";

    /// <summary>The archive was proved and published.</summary>
    public const string ExportReady = "export-ready";

    /// <summary>The export ended without an archive.</summary>
    public const string ExportFailed = "export-failed";

    /// <summary>A person ended the export.</summary>
    public const string ExportCancelled = "export-cancelled";

    /// <summary>A person had an export that failed or was cancelled run again.</summary>
    public const string ExportRetried = "export-retried";

    /// <summary>A person deleted the record of an export that failed or was cancelled.</summary>
    public const string ExportDeleted = "export-deleted";

    /// <summary>A person had an archive removed before its time; the export expires with it.</summary>
    public const string ArchiveRemoved = "archive-removed";

    /// <summary>The archive was removed.</summary>
    public const string ExportExpired = "export-expired";

    /// <summary>A person or pipeline gave or took tags.</summary>
    public const string TagsChanged = "tags-changed";

    /// <summary>A request for the archive, or for a range of it, began.</summary>
    public const string DownloadStarted = "download-started";

    /// <summary>That request ended; the record has the bytes really sent.</summary>
    public const string DownloadFinished = "download-finished";

    /// <summary>Somebody asked to have an export sent to object storage.</summary>
    public const string UploadRequested = "delivery-requested";

    /// <summary>A delivery began, or went on after the server had stopped.</summary>
    public const string UploadStarted = "delivery-started";

    /// <summary>All of a delivery is in the store, and proved to be.</summary>
    public const string UploadReady = "delivery-ready";

    /// <summary>A delivery ended before all of it had arrived.</summary>
    public const string UploadFailed = "delivery-failed";

    /// <summary>A person ended a delivery.</summary>
    public const string UploadCancelled = "delivery-cancelled";

    /// <summary>A person had a link made to something that was delivered.</summary>
    public const string UploadLink = "delivery-link";

    /// <summary>A person had a destination tried.</summary>
    public const string DestinationTested = "destination-tested";

    /// <summary>Somebody gave up an export that others wait for, too.</summary>
    public const string ExportLeft = "export-left";

    /// <summary>Somebody made a link to an export for people without an account.</summary>
    public const string ShareCreated = "share-created";

    /// <summary>The page of such a link was shown.</summary>
    public const string ShareOpened = "share-opened";

    /// <summary>Somebody ended such a link.</summary>
    public const string ShareRevoked = "share-revoked";

    /// <summary>A link that opens nothing was tried, or a password that was wrong.</summary>
    public const string ShareRefused = "share-refused";

    /// <summary>A target was told that an export ended.</summary>
    public const string NotificationDelivered = "notification-delivered";

    /// <summary>A target could not be told, and is not tried again.</summary>
    public const string NotificationFailed = "notification-failed";

    /// <summary>Somebody had a target tried.</summary>
    public const string NotificationTested = "notification-tested";

    /// <summary>Somebody signed in.</summary>
    public const string SignInSucceeded = "sign-in-succeeded";

    /// <summary>A name and a password did not fit, or the person is disabled.</summary>
    public const string SignInFailed = "sign-in-failed";

    /// <summary>An account was tried that is locked for a while, or was locked by this attempt.</summary>
    public const string SignInLocked = "sign-in-locked";

    /// <summary>Somebody signed out.</summary>
    public const string SignOut = "sign-out";

    /// <summary>Somebody who is known was refused what their role does not allow.</summary>
    public const string AccessRefused = "access-refused";

    /// <summary>An account was made.</summary>
    public const string UserAdded = "person-added";

    /// <summary>An account got another role.</summary>
    public const string UserChanged = "person-changed";

    /// <summary>An account was disabled.</summary>
    public const string UserDisabled = "person-disabled";

    /// <summary>An account was enabled again.</summary>
    public const string UserEnabled = "person-enabled";

    /// <summary>An account got a new one-time password.</summary>
    public const string PasswordReset = "password-reset";

    /// <summary>Somebody changed their password.</summary>
    public const string PasswordChanged = "password-changed";

    /// <summary>An API key was made.</summary>
    public const string KeyCreated = "key-created";

    /// <summary>An API key was revoked.</summary>
    public const string KeyRevoked = "key-revoked";
}
