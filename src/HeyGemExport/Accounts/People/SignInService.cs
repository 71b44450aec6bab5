using HeyGemExport.Audit;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.People;

/// <summary>What became of an attempt to sign in.</summary>
internal enum SignInOutcome
{
    /// <summary>The session has begun.</summary>
    Succeeded,

    /// <summary>It has begun, and allows nothing but to change the password.</summary>
    MustChange,

    /// <summary>Name or password are wrong, or the person is disabled or locked; nobody is told which.</summary>
    Refused,

    /// <summary>Too many attempts: later again.</summary>
    TooMany,
}

/// <summary>Begins and ends sessions. Every attempt costs one password hash, whoever is named.</summary>
internal sealed class SignInService(SignInManager<User> sessions, UserManager<User> users, UserStore store, SignInLimits limits, AuditTrail audit, TimeProvider time)
{
    // A name that nobody has, hashed once with the same work factor as the passwords of people.
    private static readonly User Nobody = new() { Id = "", Name = "", Role = Roles.Viewer, CreatedAt = default };
    private static readonly Lock Gate = new();
    private static string? hashOfNobody;

    /// <summary>Tries a name and a password.</summary>
    public async Task<SignInOutcome> TryAsync(string name, string password, Caller caller, CancellationToken cancellationToken)
    {
        name = (name ?? "").Trim().Normalize();
        password ??= "";
        if (!limits.Allow(caller.From, users.NormalizeName(name) ?? ""))
        {
            return SignInOutcome.TooMany;
        }

        var person = UserRules.IsName(name) ? await users.FindByNameAsync(name) : null;
        if (person is null || password.Length > UserRules.MostPassword)
        {
            HashForNobody(password);

            // What was typed as the name may be a password.
            await RecordAsync(AuditActions.SignInFailed, caller, Caller.Anonymous, "unknown name", cancellationToken);
            return SignInOutcome.Refused;
        }

        return await TryAsync(person, password, caller, cancellationToken);
    }

    /// <summary>Ends the session.</summary>
    public async Task EndAsync(Caller caller, CancellationToken cancellationToken)
    {
        await sessions.SignOutAsync();
        await RecordAsync(AuditActions.SignOut, caller, caller.Who, detail: null, cancellationToken, "ok");
    }

    /// <summary>Goes on with the session after the password was changed, which ended all others.</summary>
    public Task RenewAsync(User person) => sessions.SignInAsync(person, isPersistent: false);

    private async Task<SignInOutcome> TryAsync(User person, string password, Caller caller, CancellationToken cancellationToken)
    {
        var isLocked = await users.IsLockedOutAsync(person);
        if (isLocked || person.Disabled)
        {
            HashForNobody(password);
            await RecordAsync(isLocked ? AuditActions.SignInLocked : AuditActions.SignInFailed, caller, person.Name, isLocked ? "locked" : "disabled", cancellationToken);
            return SignInOutcome.Refused;
        }

        var result = await sessions.CheckPasswordSignInAsync(person, password, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            await RecordAsync(result.IsLockedOut ? AuditActions.SignInLocked : AuditActions.SignInFailed, caller, person.Name, detail: null, cancellationToken);
            return SignInOutcome.Refused;
        }

        person.LastSignInAt = time.GetUtcNow();
        if (!(await store.UpdateAsync(person, cancellationToken)).Succeeded)
        {
            // The password was reset while it was being checked.
            return SignInOutcome.Refused;
        }

        await sessions.SignInAsync(person, isPersistent: false);
        await RecordAsync(AuditActions.SignInSucceeded, caller, person.Name, detail: null, cancellationToken, "ok");
        return person.MustChange ? SignInOutcome.MustChange : SignInOutcome.Succeeded;
    }

    private void HashForNobody(string password)
    {
        lock (Gate)
        {
            hashOfNobody ??= users.PasswordHasher.HashPassword(Nobody, UserRules.OneTimePassword());
        }

        users.PasswordHasher.VerifyHashedPassword(Nobody, hashOfNobody, password.Length > UserRules.MostPassword ? password[..UserRules.MostPassword] : password);
    }

    private Task RecordAsync(string action, Caller caller, string who, string? detail, CancellationToken cancellationToken, string outcome = "failed") =>
        audit.RecordAsync(new AuditRecord(time.GetUtcNow(), action, who, caller.From, Outcome: outcome, Detail: detail), cancellationToken);
}
