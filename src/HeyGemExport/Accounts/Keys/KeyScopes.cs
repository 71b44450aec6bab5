namespace HeyGemExport.Accounts.Keys;

internal static class KeyScopes
{
    /// <summary>The library, and the exports that this key takes part in. GET and HEAD only.</summary>
    public const string Read = "read";

    /// <summary>Requests exports, follows, downloads and cancels its own; includes <see cref="Read"/>.</summary>
    public const string Export = "export";

    /// <summary>What an operator may; includes all others.</summary>
    public const string Ops = "ops";

    /// <summary><c>/metrics</c>, and nothing else.</summary>
    public const string Metrics = "metrics";

    public static IReadOnlyList<string> All { get; } = [Read, Export, Ops, Metrics];

    /// <summary>The role that the scopes amount to; null when they give none.</summary>
    public static string? RoleOf(IReadOnlyList<string> scopes) =>
        scopes.Contains(Ops, StringComparer.Ordinal) ? Roles.Operator
        : scopes.Contains(Export, StringComparer.Ordinal) || scopes.Contains(Read, StringComparer.Ordinal) ? Roles.Viewer
        : null;
}
