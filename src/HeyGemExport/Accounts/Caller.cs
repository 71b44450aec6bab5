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
            AddressOf(context) ?? "-");
    }

    // A listener for both families shows an IPv4 client as ::ffff:1.2.3.4; the same person must be the same.
    private static string? AddressOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4().ToString() : context.Connection.RemoteIpAddress?.ToString();
}
