using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace HeyGemExport.Testing;

/// <summary>A bucket of a test's own, looked at with a client that is not the app's.</summary>
public sealed class TestBucket : IDisposable
{
    private static int made;

    private readonly AmazonS3Client client;

    private TestBucket(string endpoint)
    {
        Name = $"bucket{Interlocked.Increment(ref made)}";
        client = new AmazonS3Client(
            new BasicAWSCredentials(SwiftServer.AccessKey, SwiftServer.Secret),
            new AmazonS3Config { ServiceURL = endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1",
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation =
                ResponseChecksumValidation.WHEN_REQUIRED });
    }

    public string Name { get; }

    public static async Task<TestBucket> CreateAsync(SwiftServer server)
    {
        var bucket = new TestBucket(server.Endpoint);
        await bucket.client.PutBucketAsync(bucket.Name);
        return bucket;
    }

    public async Task<string[]> KeysAsync() =>
        [.. ((await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Name })).S3Objects ?? []).Select(found => found.Key)
            .Order(StringComparer.Ordinal)];

    public async Task<string[]> UploadsAsync() =>
        [.. ((await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Name })).MultipartUploads ?? [])
            .Select(found => found.Key)];

    /// <summary>The parts that the store has of the one upload that is under way; none when there is no such upload.</summary>
    public async Task<PartDetail[]> PartsAsync()
    {
        var uploads = (await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Name })).MultipartUploads
            ?? [];
        return uploads.Count == 0
            ? []
            : [.. (await client.ListPartsAsync(
                new ListPartsRequest { BucketName = Name, Key = uploads[0].Key, UploadId = uploads[0].UploadId })).Parts ?? []];
    }

    public async Task<byte[]> ReadAsync(string key)
    {
        using var response = await client.GetObjectAsync(Name, key);
        using var buffer = new MemoryStream();
        await response.ResponseStream.CopyToAsync(buffer);
        return buffer.ToArray();
    }

    public async Task<string> Sha256Async(string key)
    {
        using var response = await client.GetObjectAsync(Name, key);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(response.ResponseStream));
    }

    public async Task DeleteAsync(string key) => await client.DeleteObjectAsync(Name, key);

    public void Dispose() => client.Dispose();
}
