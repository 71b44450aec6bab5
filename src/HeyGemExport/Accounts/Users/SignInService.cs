using HeyGemExport.Audit;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.Users;

internal enum SignInOutcome
{
    Succeeded,

    MustChange,

    /// <summary>Wrong name or password, or the user is disabled or locked out; the caller is not told which.</summary>
    Refused,

    TooMany,
}

/// <summary>Every attempt costs one password hash, whoever is named.</summary>
internal sealed class SignInService(
    SignInManager<User> sessions, UserManager<User> users, UserStore store, SignInLimits limits, AuditTrail audit, TimeProvider time)
{
    // A name that nobody has, hashed once with the same work factor as real passwords.
    private static readonly User Nobody = new() { Id = "", Name = "", Role = Roles.Viewer, CreatedAt = default };
    private static string? hashOfNobody;

    public async Task<SignInOutcome> SignInAsync(string name, string password, Caller caller, CancellationToken cancellationToken)
    {
        name = name.Trim().Normalize();
        if (!await limits.AllowAsync(caller.From, users.NormalizeName(name) ?? "", cancellationToken))
        {
            return SignInOutcome.TooMany;
        }

        var user = UserRules.IsName(name) ? await users.FindByNameAsync(name) : null;
        if (user is null || password.Length > UserRules.MaxPasswordLength)
        {
            HashForNobody(password);

            // The name is not recorded: it may be a password, typed into the wrong field.
            return await RefuseAsync(AuditActions.SignInFailed, caller with { Who = Caller.Anonymous }, "unknown name", cancellationToken);
        }

        return await SignInAsync(user, password, caller with { Who = user.Name }, cancellationToken);
    }

    public async Task SignOutAsync(Caller caller, CancellationToken cancellationToken)
    {
        await sessions.SignOutAsync();
        await audit.RecordAsync(AuditActions.SignOut, caller, cancellationToken);
    }

    /// <summary>After a change of the password, which ended all others.</summary>
    public Task RefreshAsync(User user) => sessions.SignInAsync(user, isPersistent: false);

    private async Task<SignInOutcome> SignInAsync(User user, string password, Caller caller, CancellationToken cancellationToken)
    {
        var isLocked = await users.IsLockedOutAsync(user);
        if (isLocked || user.Disabled)
        {
            HashForNobody(password);
            var (action, detail) = isLocked ? (AuditActions.SignInLocked, "locked") : (AuditActions.SignInFailed, "disabled");
            return await RefuseAsync(action, caller, detail, cancellationToken);
        }

        var result = await sessions.CheckPasswordSignInAsync(user, password, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            return await RefuseAsync(
                result.IsLockedOut ? AuditActions.SignInLocked : AuditActions.SignInFailed, caller, detail: null, cancellationToken);
        }

        user.LastSignInAt = time.GetUtcNow();
        if (!(await store.UpdateAsync(user, cancellationToken)).Succeeded)
        {
            // The password was reset while it was being checked.
            return SignInOutcome.Refused;
        }

        await sessions.SignInAsync(user, isPersistent: false);
        await audit.RecordAsync(AuditActions.SignInSucceeded, caller, cancellationToken);
        return user.MustChange ? SignInOutcome.MustChange : SignInOutcome.Succeeded;
    }

    private async Task<SignInOutcome> RefuseAsync(string action, Caller caller, string? detail, CancellationToken cancellationToken)
    {
        await audit.RecordAsync(action, caller, cancellationToken, outcome: "failed", detail: detail);
        return SignInOutcome.Refused;
    }

    private void HashForNobody(string password)
    {
        var hash = LazyInitializer.EnsureInitialized(
            ref hashOfNobody, () => users.PasswordHasher.HashPassword(Nobody, UserRules.OneTimePassword()));
        users.PasswordHasher.VerifyHashedPassword(
            Nobody, hash, password.Length > UserRules.MaxPasswordLength ? password[..UserRules.MaxPasswordLength] : password);
    }
}
