namespace HeyGemExport.Accounts;

/// <summary>Who is asking, and from where, as the audit trail names them.</summary>
/// <param name="Who">The account's name, or <see cref="Anonymous"/>.</param>
/// <param name="From">The remote address.</param>
public sealed record Caller(string Who, string From)
{
    /// <summary>The name of a person without an account.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>The name under which the service itself acts.</summary>
    public static Caller System { get; } = new("system", "-");

    /// <summary>The caller of a request.</summary>
    public static Caller Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(
            context.User.Identity?.Name ?? Anonymous,
            context.Connection.RemoteIpAddress?.ToString() ?? "-");
    }
}
