using System.Globalization;
using System.Security.Claims;
using HeyGemExport.Audit;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.People;

/// <summary>What became of a change to somebody's account.</summary>
internal abstract record UserResult
{
    private UserResult()
    {
    }

    /// <summary>It was made.</summary>
    public sealed record Done(User User) : UserResult;

    /// <summary>It was made; the password is shown once and must be changed at the first sign-in.</summary>
    public sealed record Password(User User, string OneTime) : UserResult;

    /// <summary>It was not made.</summary>
    /// <param name="Code"><c>not-found</c>, <c>name-taken</c>, <c>bad-name</c>, <c>bad-role</c>, <c>last-admin</c>, <c>changed-meanwhile</c>, <c>wrong-password</c>, or what is wrong with the new password:
    /// <c>too-short</c>, <c>too-long</c>, <c>like-name</c>, <c>too-plain</c>, <c>same</c>; <c>too-many</c> when it was tried too often.</param>
    public sealed record Refused(string Code) : UserResult;
}

/// <summary>The people with accounts: added, changed, disabled; each change is audited.</summary>
internal sealed class UserService(UserManager<User> users, UserStore store, SignInLimits limits, AuditTrail audit, TimeProvider time)
{
    /// <summary>All of them, by name.</summary>
    public Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    /// <summary>Adds somebody with a one-time password.</summary>
    public async Task<UserResult> AddAsync(string name, string role, Caller caller, CancellationToken cancellationToken)
    {
        // The same word may be written in several ways; people must not differ by that alone.
        name = (name ?? "").Trim().Normalize();
        if (!UserRules.IsName(name))
        {
            return new UserResult.Refused("bad-name");
        }

        if (!Roles.Exists(role))
        {
            return new UserResult.Refused("bad-role");
        }

        var person = new User { Id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture), Name = name, Role = role, MustChange = true, CreatedAt = time.GetUtcNow() };
        var password = UserRules.OneTimePassword();
        if (!(await users.CreateAsync(person, password)).Succeeded)
        {
            return new UserResult.Refused("name-taken");
        }

        await RecordAsync(AuditActions.UserAdded, caller, $"{name}: {role}", cancellationToken);
        return new UserResult.Password(person, password);
    }

    /// <summary>Gives somebody a new one-time password; their sessions end, and a lockout too.</summary>
    public async Task<UserResult> ResetAsync(string name, Caller caller, CancellationToken cancellationToken)
    {
        if (await users.FindByNameAsync(name) is not { } person)
        {
            return new UserResult.Refused("not-found");
        }

        var password = UserRules.OneTimePassword();
        (person.MustChange, person.LockoutEnd, person.FailedCount) = (true, null, 0);
        person.PasswordHash = users.PasswordHasher.HashPassword(person, password);
        if (!(await users.UpdateSecurityStampAsync(person)).Succeeded)
        {
            return new UserResult.Refused("changed-meanwhile");
        }

        await RecordAsync(AuditActions.PasswordReset, caller, person.Name, cancellationToken);
        return new UserResult.Password(person, password);
    }

    /// <summary>Changes role and state. The last admin stays one.</summary>
    public async Task<UserResult> ChangeAsync(string name, string role, bool disabled, Caller caller, CancellationToken cancellationToken)
    {
        if (!Roles.Exists(role))
        {
            return new UserResult.Refused("bad-role");
        }

        if (await users.FindByNameAsync(name) is not { } person)
        {
            return new UserResult.Refused("not-found");
        }

        var (roleBefore, disabledBefore) = (person.Role, person.Disabled);
        if (!await store.TryChangeAsync(person, role, disabled, cancellationToken))
        {
            return new UserResult.Refused("last-admin");
        }

        (person.Role, person.Disabled) = (role, disabled);
        if (disabled != disabledBefore)
        {
            await users.UpdateSecurityStampAsync(person);
            await RecordAsync(disabled ? AuditActions.UserDisabled : AuditActions.UserEnabled, caller, person.Name, cancellationToken);
        }

        if (!string.Equals(role, roleBefore, StringComparison.Ordinal))
        {
            await RecordAsync(AuditActions.UserChanged, caller, $"{person.Name}: {roleBefore} → {role}", cancellationToken);
        }

        return new UserResult.Done(person);
    }

    /// <summary>Changes the caller's own password; their other sessions end.</summary>
    public async Task<UserResult> ChangePasswordAsync(ClaimsPrincipal session, string? current, string? next, Caller caller, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(session) is not { } person)
        {
            return new UserResult.Refused("not-found");
        }

        if (!limits.Allow(caller.From, person.NormalizedName))
        {
            return new UserResult.Refused("too-many");
        }

        if (string.Equals(current, next, StringComparison.Ordinal))
        {
            return new UserResult.Refused("same");
        }

        // Saved together with the new password, and only then.
        person.MustChange = false;
        var result = await users.ChangePasswordAsync(person, current ?? "", next ?? "");
        if (!result.Succeeded)
        {
            var code = result.Errors.First().Code;
            return new UserResult.Refused(string.Equals(code, nameof(IdentityErrorDescriber.PasswordMismatch), StringComparison.Ordinal) ? "wrong-password" : code);
        }

        await RecordAsync(AuditActions.PasswordChanged, caller, person.Name, cancellationToken);
        return new UserResult.Done(person);
    }

    private Task RecordAsync(string action, Caller caller, string detail, CancellationToken cancellationToken) =>
        audit.RecordAsync(new AuditRecord(time.GetUtcNow(), action, caller.Who, caller.From, Detail: detail), cancellationToken);
}
