namespace HeyGemExport.Uploads;

internal static class ObjectKey
{
    /// <summary>The most bytes of a key are 1,024 in S3; this leaves room for the names of archives and videos.</summary>
    private const int MaxPrefix = 500;

    /// <summary>Whether keys may begin with that text; empty is allowed.</summary>
    public static bool IsPrefix(string prefix) => prefix.Length <= MaxPrefix
        && !prefix.StartsWith('/')
        && !prefix.Contains('\\', StringComparison.Ordinal)
        && !prefix.Contains("//", StringComparison.Ordinal)
        && !prefix.Any(char.IsControl)
        && !prefix.Split('/').Any(part => part is "." or "..");

    public static string Join(params IEnumerable<string> parts) =>
        string.Join('/', parts.Select(part => part.Trim('/')).Where(part => part.Length > 0));

    public static string Address(string bucket, string key) => $"s3://{bucket}/{key}";
}
