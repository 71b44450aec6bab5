namespace HeyGemExport.Accounts;

/// <summary>What a person may be; each includes those before it.</summary>
internal static class Roles
{
    /// <summary>Sees the library, and exports of their own.</summary>
    public const string Viewer = "viewer";

    /// <summary>Sees and handles every export, the ops page, the job dashboard and the audit trail.</summary>
    public const string Operator = "operator";

    /// <summary>Manages people and keys.</summary>
    public const string Admin = "admin";

    /// <summary>All of them, the least first.</summary>
    public static IReadOnlyList<string> All { get; } = [Viewer, Operator, Admin];

    /// <summary>Whether there is such a role.</summary>
    public static bool Exists(string? role) => All.Contains(role, StringComparer.Ordinal);

    /// <summary>The roles that include a role.</summary>
    public static IReadOnlyList<string> From(string role) => [.. All.SkipWhile(least => !string.Equals(least, role, StringComparison.Ordinal))];
}
