namespace HeyGemExport.Accounts;

/// <summary>Who is asking, and from where, as the audit trail names them.</summary>
/// <param name="Who">The account's name, <c>key:</c> and the name of an API key, <c>share:</c> and the id of a share link, or <see cref="Anonymous"/>.</param>
/// <param name="From">The remote address.</param>
internal sealed record Caller(string Who, string From)
{
    /// <summary>The name of a person without an account.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>How the names of API keys begin; no person's name does.</summary>
    public const string KeyPrefix = "key:";

    /// <summary>How those begin who come by a share link; no person's name does.</summary>
    public const string SharePrefix = "share:";

    /// <summary>The name under which the service itself acts.</summary>
    public static Caller System { get; } = new("system", "-") { SeesAllExports = true };

    /// <summary>Whether exports of others are theirs to see and to end.</summary>
    public bool SeesAllExports { get; init; }

    /// <summary>The caller of a request.</summary>
    public static Caller Of(HttpContext context)
    {
        return new(context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : Anonymous, ClientAddress.Text(context.Connection.RemoteIpAddress))
        {
            SeesAllExports = context.User.HasRole(Roles.Operator),
        };
    }

    /// <summary>Whether nobody may be called so: the app gives these names a meaning of their own.</summary>
    public static bool IsReserved(string name)
    {
        return string.Equals(name, Anonymous, StringComparison.OrdinalIgnoreCase)
            || string.Equals(name, System.Who, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith(KeyPrefix, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith(SharePrefix, StringComparison.OrdinalIgnoreCase);
    }
}
