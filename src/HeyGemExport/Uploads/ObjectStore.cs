using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;
using HeyGemExport.Library;

namespace HeyGemExport.Uploads;

/// <param name="ETag">The store's checksum of it, without quotes, lower case.</param>
internal sealed record StoredObject(long Bytes, string ETag);

/// <param name="Number">From 1.</param>
internal sealed record StoredPart(int Number, long Bytes, string ETag);

/// <summary>One bucket of a store that speaks S3. Every fault is an <see cref="ObjectStoreException"/>; while the store does not answer, a
/// request is repeated at growing intervals.</summary>
internal sealed class ObjectStore : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A connection slower than this is taken for a dead one.</summary>
    private const double LeastBytesPerSecond = 64 * 1024;

    private readonly AmazonS3Client client;
    private readonly string bucket;
    private readonly TimeProvider time;
    private readonly TimeSpan giveUpAfter;
    private readonly Action<ObjectStoreException>? onRetry;
    private readonly bool isPlain;

    /// <param name="giveUpAfter">For how long a request is repeated.</param>
    public ObjectStore(
        DestinationOptions destination, string bucket, TimeProvider time, TimeSpan giveUpAfter,
        Action<ObjectStoreException>? onRetry = null)
    {
        (this.bucket, this.time, this.giveUpAfter, this.onRetry) = (bucket, time, giveUpAfter, onRetry);
        var settings = new AmazonS3Config
        {
            ForcePathStyle = destination.ForcePathStyle,
            AuthenticationRegion = destination.Region,

            // Aliyun OSS and others refuse the checksums that the client adds by default (aws-sdk-net 3610, 3615).
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,

            // Requests are repeated here, where it is reported.
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = TimeSpan.FromSeconds(15),
        };
        if (destination.Endpoint is { Length: > 0 } endpoint)
        {
            settings.ServiceURL = endpoint;
            isPlain = endpoint.StartsWith("http:", StringComparison.OrdinalIgnoreCase);
        }
        else
        {
            settings.RegionEndpoint = RegionEndpoint.GetBySystemName(destination.Region);
        }

        client = new AmazonS3Client(
            new BasicAWSCredentials(
                Secret(destination.AccessKeyId, destination.AccessKeyIdFile),
                Secret(destination.SecretAccessKey, destination.SecretAccessKeyFile)),
            settings);
    }

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, byte[] md5, CancellationToken cancellationToken) => RequestAsync(
        content.Length,
        token => client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                InputStream = Reading(content),
                MD5Digest = Convert.ToBase64String(md5),
                UseChunkEncoding = false,
                ContentType = ContentTypeOf(key),
            },
            token),
        cancellationToken);

    /// <summary>A cancellation only ends the waits between attempts: the store might have begun what nobody then knows of.</summary>
    /// <returns>The store's id of it.</returns>
    public async Task<string> BeginAsync(string key, CancellationToken cancellationToken) => (await RequestAsync(
        bytes: 0,
        token => client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = key, ContentType = ContentTypeOf(key) }, token),
        cancellationToken,
        isInterruptible: false)).UploadId;

    /// <returns>The store's checksum of it.</returns>
    public async Task<string> PutPartAsync(
        string key, string uploadId, int number, ReadOnlyMemory<byte> content, byte[] md5, CancellationToken cancellationToken) =>
        Bare((await RequestAsync(
            content.Length,
            token => client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = bucket,
                    Key = key,
                    UploadId = uploadId,
                    PartNumber = number,
                    InputStream = Reading(content),
                    PartSize = content.Length,
                    MD5Digest = Convert.ToBase64String(md5),
                    UseChunkEncoding = false,
                },
                token),
            cancellationToken)).ETag);

    /// <summary>The parts that the store has of an upload; null when it knows no such upload.</summary>
    public async Task<IReadOnlyList<StoredPart>?> ListPartsAsync(string key, string uploadId, CancellationToken cancellationToken)
    {
        var parts = new List<StoredPart>();
        var request = new ListPartsRequest { BucketName = bucket, Key = key, UploadId = uploadId };
        try
        {
            ListPartsResponse page;
            do
            {
                page = await RequestAsync(bytes: 0, token => client.ListPartsAsync(request, token), cancellationToken);
                parts.AddRange((page.Parts ?? []).Select(part => new StoredPart(part.PartNumber ?? 0, part.Size ?? 0, Bare(part.ETag))));
                request.PartNumberMarker = page.NextPartNumberMarker?.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
            while (page.IsTruncated ?? false);
            return parts;
        }
        catch (ObjectStoreException fault) when (fault.IsNoSuchUpload)
        {
            return null;
        }
    }

    /// <summary>Makes the object; harmless when that was done before, by a request whose answer was lost.</summary>
    public Task CompleteAsync(string key, string uploadId, IEnumerable<StoredPart> parts, CancellationToken cancellationToken) =>
        IfKnownAsync(RequestAsync(
            bytes: 64 << 20, // A store may need minutes to put a large object together.
            token => client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = bucket,
                    Key = key,
                    UploadId = uploadId,
                    PartETags = [.. parts.Select(part => new PartETag(part.Number, part.ETag))],
                },
                token),
            cancellationToken));

    /// <summary>Has the store forget an upload and its parts; harmless when it knows none. Asks once.</summary>
    public Task AbortAsync(string key, string uploadId, CancellationToken cancellationToken) => IfKnownAsync(AttemptAsync(
        bytes: 0,
        token => client.AbortMultipartUploadAsync(
            new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = uploadId }, token),
        nameof(AbortAsync),
        cancellationToken));

    public async Task<StoredObject?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await RequestAsync(bytes: 0, token => client.GetObjectMetadataAsync(bucket, key, token), cancellationToken);
            return new StoredObject(found.ContentLength, Bare(found.ETag));
        }
        catch (ObjectStoreException fault) when (
            fault.InnerException is AmazonS3Exception { StatusCode: System.Net.HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    /// <param name="read">May be called again with the object from its beginning.</param>
    public Task<T> ReadAsync<T>(
        string key, long bytes, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken) => RequestAsync(
        bytes,
        async token =>
        {
            using var response = await client.GetObjectAsync(bucket, key, token);
            return await read(response.ResponseStream, token);
        },
        cancellationToken);

    /// <summary>Removes an object; harmless when there is none.</summary>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        RequestAsync(bytes: 0, token => client.DeleteObjectAsync(bucket, key, token), cancellationToken);

    /// <summary>An address that gives the object to whoever has it, until that time. Asks nobody.</summary>
    public string LinkTo(string key, TimeSpan validity) => client.GetPreSignedURL(new GetPreSignedUrlRequest
    {
        BucketName = bucket,
        Key = key,
        Verb = HttpVerb.GET,
        Protocol = isPlain ? Protocol.HTTP : Protocol.HTTPS,
        Expires = (time.GetUtcNow() + validity).UtcDateTime,
    });

    public void Dispose() => client.Dispose();

    private async Task<T> RequestAsync<T>(
        long bytes, Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken, bool isInterruptible = true,
        [CallerMemberName] string call = "")
    {
        var began = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await AttemptAsync(bytes, request, call, isInterruptible ? cancellationToken : CancellationToken.None);
            }
            catch (ObjectStoreException fault) when (fault.IsTransient && time.GetElapsedTime(began) + pause < giveUpAfter)
            {
                onRetry?.Invoke(fault);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<T> AttemptAsync<T>(
        long bytes, Func<CancellationToken, Task<T>> request, string call, CancellationToken cancellationToken)
    {
        using var span = Tracing.Start($"object storage {call}", ActivityKind.Client)?.SetTag("bucket", bucket);
        using var limit = new CancellationTokenSource(Answer + TimeSpan.FromSeconds(bytes / LeastBytesPerSecond), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await request(either.Token);
        }
        catch (Exception exception) when (ObjectStoreErrors.Is(exception, cancellationToken))
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            cancellationToken.ThrowIfCancellationRequested();
            throw ObjectStoreErrors.Of(exception, bucket);
        }
    }

    private static async Task IfKnownAsync(Task request)
    {
        try
        {
            await request;
        }
        catch (ObjectStoreException fault) when (fault.IsNoSuchUpload)
        {
            // Completed or aborted before.
        }
    }

    private static MemoryStream Reading(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);

    private static string Secret(string? value, string? file) =>
        value is { Length: > 0 }
            ? value
            : SecretFile.TryRead(file ?? "")
                ?? throw new ObjectStoreException(new Exports.ExportError("store-credentials", [file ?? ""]), isTransient: false);

    private static string Bare(string? etag) => (etag ?? "").Trim('"').ToLowerInvariant();

    private static string ContentTypeOf(string key) => Path.GetExtension(key).ToLowerInvariant() switch
    {
        ".zip" => "application/zip",
        ".json" => "application/json",
        _ => VideoTypes.Of(key),
    };
}
