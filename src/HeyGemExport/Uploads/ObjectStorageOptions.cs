using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using HeyGemExport.FileSystem;
using HeyGemExport.Hosting;

namespace HeyGemExport.Uploads;

internal enum ArrivalVerification
{
    /// <summary>By length and the store's own checksum, where that is the MD5 of what was sent; else as <see cref="Read"/>.</summary>
    Etag,

    /// <summary>By reading every object back and comparing its SHA-256.</summary>
    Read,
}

/// <summary>Where archives and videos can be uploaded. Section <c>Delivery</c>.</summary>
internal sealed partial class ObjectStorageOptions : IValidatableObject
{
    public const string Section = "Delivery";

    public Dictionary<string, DestinationOptions> Destinations { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Uploads at the same time. Default 2.</summary>
    [Range(1, 16)]
    public int Workers { get; set; } = 2;

    /// <summary>Seconds for which a request is retried while the store does not answer. Default 600.</summary>
    [Range(1d, 86_400)]
    public double GiveUpAfterSeconds { get; set; } = 600;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from name in Destinations.Keys
        where !Name().IsMatch(name)
        select new ValidationResult(
            $"Delivery:Destinations:{name}: a destination's name must be 1 to 32 letters, digits or '-', starting with a letter or digit.");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-]{0,31}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}

/// <summary>One bucket, or a part of one, of a store that speaks S3.</summary>
internal sealed class DestinationOptions : IValidatableObject
{
    /// <summary>The least bytes of a part but the last (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).</summary>
    public const long LeastPartBytes = 5L << 20;

    /// <summary>The most bytes of a part that may be asked for: each part is in memory while it is sent.</summary>
    public const long MostPartBytes = 512L << 20;

    private const string BucketRule = "{0} must be 3 to 63 lower-case letters, digits, '-' or '.'";

    /// <summary>The store's address, as in <c>https://s3.oss-cn-hangzhou.aliyuncs.com</c>; empty for AWS itself.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The region that requests are signed for. Default <c>us-east-1</c>, which most stores that have no regions take.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9-]{0,62}", ErrorMessage = "{0} must be letters, digits and '-', as in us-east-1")]
    public string Region { get; set; } = "us-east-1";

    /// <summary>The bucket; it must exist.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html</remarks>
    [Required(ErrorMessage = BucketRule), RegularExpression("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", ErrorMessage = BucketRule)]
    public string Bucket { get; set; } = "";

    /// <summary>What every key begins with, as in <c>heygem/results</c>; empty for the bucket's top.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Whether the bucket is named in the path, as MinIO wants it by default, and not in the host, as AWS and OSS do.</summary>
    public bool ForcePathStyle { get; set; }

    /// <summary>The key's id; or <see cref="AccessKeyIdFile"/>.</summary>
    public string? AccessKeyId { get; set; }

    public string? AccessKeyIdFile { get; set; }

    /// <summary>The key's secret; or <see cref="SecretAccessKeyFile"/>.</summary>
    public string? SecretAccessKey { get; set; }

    public string? SecretAccessKeyFile { get; set; }

    /// <summary>Whether the local archive is deleted after its upload, unless the request says otherwise. Default false.</summary>
    public bool DropLocalAfterDelivery { get; set; }

    /// <summary>Bytes of one part; 5 MiB to 512 MiB. Default 16 MiB. Larger for objects that would have more than 10,000 parts.</summary>
    [Range(LeastPartBytes, MostPartBytes)]
    public long PartBytes { get; set; } = 16L << 20;

    /// <summary>Parts sent at the same time. Default 3.</summary>
    [Range(1, 16)]
    public int PartsAtOnce { get; set; } = 3;

    /// <summary>How arrival is verified. Default by the store's checksum.</summary>
    [EnumDataType(typeof(ArrivalVerification), ErrorMessage = "{0} must be etag or read")]
    public ArrivalVerification Verify { get; set; } = ArrivalVerification.Etag;

    /// <remarks>Never repeats a secret, nor an address, which may hold one.</remarks>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var key = validationContext.DisplayName;
        var (id, secret) = (SecretFailure($"{key}:AccessKeyId", AccessKeyId, AccessKeyIdFile),
            SecretFailure($"{key}:SecretAccessKey", SecretAccessKey, SecretAccessKeyFile));
        return ValidatedOptions.Check(
            (!IsEndpoint(Endpoint),
                $"{key}:Endpoint must be http:// or https:// and a host, without path, query or user, or empty for AWS."),
            (!ObjectKey.IsPrefix(Prefix ?? ""),
                $"{key}:Prefix must be at most 500 characters, not begin with '/', and have no '//', '\\', '..' or control characters."),
            (id is not null, id ?? ""),
            (secret is not null, secret ?? ""));
    }

    private static string? SecretFailure(string key, string? value, string? file) => (value, file) switch
    {
        ({ Length: > 0 }, { Length: > 0 }) => $"{key} and {key}File must not both be set.",
        ({ Length: > 0 }, _) => null,
        (_, { Length: > 0 }) when SecretFile.TryRead(file) is not null => null,
        (_, { Length: > 0 }) => $"{key}File must name a file that can be read and is not empty; it is {file}.",
        _ => $"{key} must be set, or {key}File.",
    };

    private static bool IsEndpoint(string? endpoint) => string.IsNullOrEmpty(endpoint)
        || (Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
            && uri.Scheme is "https" or "http"
            && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" });
}
