namespace HeyGemExport.Accounts;

/// <summary>The authorization policies. Those of a role include the roles after it; what asks for none asks for <see cref="Viewer"/>.</summary>
internal static class Policies
{
    /// <summary>Sees the library, and exports of their own.</summary>
    public const string Viewer = "viewer";

    /// <summary>Sees and handles every export, the ops page, the job dashboard and the audit trail.</summary>
    public const string Operator = "operator";

    /// <summary>Manages people, keys and settings.</summary>
    public const string Admin = "admin";

    /// <summary>Reads figures: operators, and keys for metrics.</summary>
    public const string Metrics = "metrics";

    /// <summary>Any person who is known, also one whose password has to be changed first.</summary>
    public const string SignedIn = "signed-in";
}
