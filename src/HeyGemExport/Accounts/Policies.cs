namespace HeyGemExport.Accounts;

/// <summary>The authorization policies, one for each role; each includes those before it.</summary>
public static class Policies
{
    /// <summary>Sees the library, and exports of their own.</summary>
    public const string Viewer = "viewer";

    /// <summary>Sees and handles every export, the ops page, the job dashboard and the audit trail.</summary>
    public const string Operator = "operator";

    /// <summary>Manages people, keys and settings.</summary>
    public const string Admin = "admin";
}
