namespace HeyGemExport.Uploads;

/// <summary>How arrival is proved.</summary>
internal enum ArrivalProof
{
    /// <summary>By length and the store's own checksum, where that is the MD5 of what was sent; else as <see cref="Read"/>.</summary>
    Etag,

    /// <summary>By reading every object back and comparing its SHA-256.</summary>
    Read,
}

/// <summary>Where archives and videos can be sent. Section <c>Delivery</c>.</summary>
internal sealed class ObjectStorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Delivery";

    /// <summary>The destinations by the names that people choose from.</summary>
    public IDictionary<string, DestinationOptions> Destinations { get; } = new Dictionary<string, DestinationOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Uploads sent at the same time; 1 to 16. Default 2.</summary>
    public int Workers { get; set; } = 2;

    /// <summary>Seconds for which one request is tried again while the store does not answer; 1 to 86,400. Default 600.</summary>
    public double GiveUpAfterSeconds { get; set; } = 600;
}

/// <summary>One bucket, or a part of one, of a store that speaks S3.</summary>
internal sealed class DestinationOptions
{
    /// <summary>The least bytes of a part but the last (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).</summary>
    public const long LeastPartBytes = 5L << 20;

    /// <summary>The most bytes of a part that may be asked for: each part is in memory while it is sent.</summary>
    public const long MostPartBytes = 512L << 20;

    /// <summary>The store's address, as in <c>https://s3.oss-cn-hangzhou.aliyuncs.com</c>; empty for AWS itself.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The region that requests are signed for. Default <c>us-east-1</c>, which most stores that have no regions take.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The bucket; it must exist.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What every key begins with, as in <c>heygem/results</c>; empty for the bucket's top.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Whether the bucket is named in the path, as MinIO wants it by default, and not in the host, as AWS and OSS do.</summary>
    public bool ForcePathStyle { get; set; }

    /// <summary>The key's id; or <see cref="AccessKeyIdFile"/>.</summary>
    public string? AccessKeyId { get; set; }

    /// <summary>A file that holds the key's id.</summary>
    public string? AccessKeyIdFile { get; set; }

    /// <summary>The key's secret; or <see cref="SecretAccessKeyFile"/>.</summary>
    public string? SecretAccessKey { get; set; }

    /// <summary>A file that holds the key's secret.</summary>
    public string? SecretAccessKeyFile { get; set; }

    /// <summary>Whether the archive here is removed after its upload unless the person says otherwise. Default no.</summary>
    public bool DropLocalAfterDelivery { get; set; }

    /// <summary>Bytes of one part; 5 MiB to 512 MiB. Default 16 MiB. Larger for objects that would have more than 10,000 parts.</summary>
    public long PartBytes { get; set; } = 16L << 20;

    /// <summary>Parts sent at the same time; 1 to 16. Default 3.</summary>
    public int PartsAtOnce { get; set; } = 3;

    /// <summary>How arrival is proved. Default by the store's checksum.</summary>
    public ArrivalProof Verify { get; set; } = ArrivalProof.Etag;
}
