namespace HeyGemExport.Accounts;

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
