using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using HeyGemExport.Exports;

namespace HeyGemExport.Uploads;

/// <summary>What a store's refusals mean, in codes that have texts for people.</summary>
/// <remarks>Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; Aliyun OSS and others answer with the same
/// ones.</remarks>
internal static class ObjectStoreErrors
{
    public static bool Is(Exception exception, CancellationToken cancellationToken) =>
        exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or SocketException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    public static ObjectStoreException Of(Exception exception, string bucket) => exception switch
    {
        AmazonS3Exception { StatusCode: >= HttpStatusCode.Continue } answer => Of(answer, bucket),
        OperationCanceledException => new ObjectStoreException(
            new ExportError("store-unreachable", ["timeout"]), isTransient: true, exception),
        _ => new ObjectStoreException(new ExportError("store-unreachable", [Innermost(exception)]), isTransient: true, exception),
    };

    private static ObjectStoreException Of(AmazonS3Exception answer, string bucket)
    {
        var code = answer.ErrorCode ?? "";
        return code switch
        {
            "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" or "AuthorizationHeaderMalformed" =>
                Final("store-credentials", code),
            "RequestTimeTooSkewed" => Final("store-clock", code),
            "AccessDenied" or "AllAccessDisabled" or "AccountProblem" => Final("store-denied", bucket),
            "NoSuchBucket" => Final("store-no-bucket", bucket),
            "QuotaExceeded" or "QuotaExceededError" or "EntityTooLarge" or "InsufficientStorage" or "XMinioStorageFull"
                or "ServiceQuotaExceeded" => Final("store-full", bucket),
            "NoSuchUpload" => new ObjectStoreException(
                new ExportError("store-refused", [code]), isTransient: false, answer) { IsNoSuchUpload = true },
            "BadDigest" or "RequestTimeout" or "SlowDown" or "InternalError" or "ServiceUnavailable" or "OperationAborted"
                or "IncompleteBody" => Transient(code),
            _ => answer.StatusCode switch
            {
                HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.InsufficientStorage => Final("store-full", bucket),
                HttpStatusCode.Unauthorized => Final("store-credentials", "401"),
                HttpStatusCode.Forbidden => Final("store-denied", bucket),
                HttpStatusCode.NotFound => Final("store-no-bucket", bucket),
                HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                    Transient(Said(answer)),
                _ => Final("store-refused", Said(answer)),
            },
        };

        ObjectStoreException Final(string key, string detail) => new(new ExportError(key, [detail]), isTransient: false, answer);

        ObjectStoreException Transient(string detail) => new(new ExportError("store-unreachable", [detail]), isTransient: true, answer);
    }

    private static string Said(AmazonS3Exception answer) => $"{(int)answer.StatusCode} {answer.ErrorCode}".TrimEnd();

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
