namespace HeyGemExport.Accounts;

/// <summary>The roles of a user; each includes the ones before it.</summary>
internal static class Roles
{
    /// <summary>Sees the library and their own exports.</summary>
    public const string Viewer = "viewer";

    /// <summary>Sees and manages every export, the ops page, the job dashboard and the audit trail.</summary>
    public const string Operator = "operator";

    /// <summary>Manages users and API keys.</summary>
    public const string Admin = "admin";

    /// <summary>From the least to the most privileged.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Operator, Admin];

    public static bool Exists(string? role) => All.Contains(role, StringComparer.Ordinal);

    public static IReadOnlyList<string> From(string role) =>
        [.. All.SkipWhile(least => !string.Equals(least, role, StringComparison.Ordinal))];
}

/// <summary>The authorization policies. <see cref="Viewer"/> is the default; each role includes the ones before it.</summary>
internal static class Policies
{
    public const string Viewer = Roles.Viewer;
    public const string Operator = Roles.Operator;
    public const string Admin = Roles.Admin;

    /// <summary>Reads metrics: operators, and API keys with the scope for it.</summary>
    public const string Metrics = "metrics";

    /// <summary>Any signed-in user, also one who still has to change the password.</summary>
    public const string SignedIn = "signed-in";
}
