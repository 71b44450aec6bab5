using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Uploads;

/// <summary>Names every wrong setting of every destination at once, at start. Never repeats a secret.</summary>
internal sealed partial class ValidateObjectStorageOptions : IValidateOptions<ObjectStorageOptions>
{
    public ValidateOptionsResult Validate(string? name, ObjectStorageOptions options)
    {
        (bool Holds, string Rule)[] rules =
        [
            (options.Workers is >= 1 and <= 16, "Delivery:Workers must be 1 to 16"),
            (options.GiveUpAfterSeconds is >= 1 and <= 86_400, "Delivery:GiveUpAfterSeconds must be 1 to 86400"),
            .. options.Destinations.SelectMany(destination => Rules(destination.Key, destination.Value)),
        ];
        string[] broken = [.. from rule in rules where !rule.Holds select rule.Rule];
        return broken.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(broken);
    }

    private static IEnumerable<(bool Holds, string Rule)> Rules(string name, DestinationOptions destination)
    {
        var at = $"Delivery:Destinations:{name}";
        return
        [
            (Name().IsMatch(name), $"{at}: a destination's name must be 1 to 32 letters, digits or '-', and begin with a letter or digit"),
            (IsEndpoint(destination.Endpoint), $"{at}:Endpoint must be http:// or https:// and a host, without path, query or user, or empty for AWS"),
            (Region().IsMatch(destination.Region ?? ""), $"{at}:Region must be letters, digits and '-', as in us-east-1"),
            (Bucket().IsMatch(destination.Bucket ?? ""), $"{at}:Bucket must be 3 to 63 lower-case letters, digits, '-' or '.'"),
            (IsPrefix(destination.Prefix), $"{at}:Prefix must be at most 500 characters, without '//', '\\', '..' or control characters, and must not begin with '/'"),
            (destination.PartBytes is >= DestinationOptions.LeastPartBytes and <= DestinationOptions.MostPartBytes, $"{at}:PartBytes must be 5242880 to 536870912"),
            (destination.PartsAtOnce is >= 1 and <= 16, $"{at}:PartsAtOnce must be 1 to 16"),
            (Enum.IsDefined(destination.Verify), $"{at}:Verify must be etag or read"),
            .. Secret($"{at}:AccessKeyId", destination.AccessKeyId, destination.AccessKeyIdFile),
            .. Secret($"{at}:SecretAccessKey", destination.SecretAccessKey, destination.SecretAccessKeyFile),
        ];
    }

    private static IEnumerable<(bool Holds, string Rule)> Secret(string key, string? value, string? file) => (value, file) switch
    {
        ({ Length: > 0 }, { Length: > 0 }) => [(false, $"{key} and {key}File must not both be set")],
        ({ Length: > 0 }, _) => [],
        (_, { Length: > 0 }) => [(SecretFile.TryRead(file) is not null, $"{key}File must name a file that can be read and is not empty; it is {file}")],
        _ => [(false, $"{key} must be set, or {key}File")],
    };

    private static bool IsEndpoint(string? endpoint) => string.IsNullOrEmpty(endpoint)
        || (Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
            && uri.Scheme is "https" or "http"
            && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" });

    private static bool IsPrefix(string? prefix) => ObjectKey.IsPrefix(prefix ?? "");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-]{0,31}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Region();

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bucket();
}
