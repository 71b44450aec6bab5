using HeyGemExport.Accounts.Schemes;
using HeyGemExport.Audit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.Users;

internal enum SignInOutcome
{
    Succeeded,

    MustChange,

    /// <summary>Wrong name or password, or the user is disabled; the caller is not told which.</summary>
    Refused,

    TooMany,
}

/// <summary>Every attempt costs one password hash, whoever is named.</summary>
internal sealed class SignInService(
    SignInManager<User> identity, UserManager<User> users, UserStore store, Sessions sessions, SignInLimits limits, AuditTrail audit,
    TimeProvider time)
{
    // A name that nobody has, hashed once with the same work factor as real passwords.
    private static readonly User Nobody = new() { Id = "", Name = "", Role = Roles.Viewer, CreatedAt = default };
    private static string? hashOfNobody;

    public async Task<SignInOutcome> SignInAsync(string name, string password, Caller caller, CancellationToken cancellationToken)
    {
        name = name.Trim().Normalize();
        var normalized = users.NormalizeName(name) ?? "";
        if (!await limits.AllowAsync(caller.From, normalized, cancellationToken))
        {
            if (await limits.IsFirstRefusalAsync(caller.From, normalized, cancellationToken))
            {
                var known = UserRules.IsName(name) ? await users.FindByNameAsync(name) : null;
                await RefuseAsync(
                    AuditActions.SignInLocked, caller with { Who = known?.Name ?? Caller.Anonymous }, "locked", cancellationToken);
            }

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
        var session = await identity.Context.AuthenticateAsync(AccountSchemes.Session);
        await sessions.EndAsync(session.Properties, cancellationToken);
        await identity.SignOutAsync();
        await audit.RecordAsync(AuditActions.SignOut, caller, cancellationToken);
    }

    /// <summary>After a change of the password, which ended all others.</summary>
    public Task RefreshAsync(User user) => identity.SignInAsync(user, sessions.Begin());

    private async Task<SignInOutcome> SignInAsync(User user, string password, Caller caller, CancellationToken cancellationToken)
    {
        if (user.Disabled)
        {
            HashForNobody(password);
            return await RefuseAsync(AuditActions.SignInFailed, caller, "disabled", cancellationToken);
        }

        if (!(await identity.CheckPasswordSignInAsync(user, password, lockoutOnFailure: false)).Succeeded)
        {
            return await RefuseAsync(AuditActions.SignInFailed, caller, detail: null, cancellationToken);
        }

        user.LastSignInAt = time.GetUtcNow();
        if (!(await store.UpdateAsync(user, cancellationToken)).Succeeded)
        {
            // The password was reset while it was being checked.
            return SignInOutcome.Refused;
        }

        await identity.SignInAsync(user, sessions.Begin());
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
