namespace HeyGemExport.Accounts.Keys;

/// <summary>What an API key may do.</summary>
internal static class KeyScopes
{
    /// <summary>Look: the library, and what this key has a share in. GET and HEAD only.</summary>
    public const string Read = "read";

    /// <summary>Ask for exports, follow, download and cancel its own; includes <see cref="Read"/>.</summary>
    public const string Export = "export";

    /// <summary>What an operator may; includes all others.</summary>
    public const string Ops = "ops";

    /// <summary>Figures at <c>/metrics</c>, and nothing else.</summary>
    public const string Metrics = "metrics";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Export, Ops, Metrics];

    /// <summary>The role that the scopes amount to; null when they give none.</summary>
    public static string? RoleOf(IReadOnlyList<string> scopes)
    {
        return scopes.Contains(Ops, StringComparer.Ordinal) ? Roles.Operator
            : scopes.Contains(Export, StringComparer.Ordinal) || scopes.Contains(Read, StringComparer.Ordinal) ? Roles.Viewer
            : null;
    }
}
