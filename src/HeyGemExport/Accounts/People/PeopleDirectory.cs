using System.Globalization;
using System.Security.Claims;
using HeyGemExport.Audit;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.People;

/// <summary>What became of a change to somebody's account.</summary>
public abstract record PersonResult
{
    private PersonResult()
    {
    }

    /// <summary>It was made.</summary>
    public sealed record Done(Person Person) : PersonResult;

    /// <summary>It was made; the password is shown once and must be changed at the first sign-in.</summary>
    public sealed record Password(Person Person, string OneTime) : PersonResult;

    /// <summary>It was not made.</summary>
    /// <param name="Code"><c>not-found</c>, <c>name-taken</c>, <c>bad-name</c>, <c>bad-role</c>, <c>last-admin</c>, <c>changed-meanwhile</c>, <c>wrong-password</c>, or what is wrong with the new password:
    /// <c>too-short</c>, <c>too-long</c>, <c>like-name</c>, <c>too-plain</c>, <c>same</c>; <c>too-many</c> when it was tried too often.</param>
    public sealed record Refused(string Code) : PersonResult;
}

/// <summary>The people with accounts: added, changed, disabled; each change is audited.</summary>
public sealed class PeopleDirectory(UserManager<Person> users, PersonStore store, SignInLimits limits, AuditTrail audit, TimeProvider time)
{
    /// <summary>All of them, by name.</summary>
    public Task<IReadOnlyList<Person>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    /// <summary>Adds somebody with a one-time password.</summary>
    public async Task<PersonResult> AddAsync(string name, string role, Caller caller, CancellationToken cancellationToken)
    {
        // The same word may be written in several ways; people must not differ by that alone.
        name = (name ?? "").Trim().Normalize();
        if (!PersonRules.IsName(name))
        {
            return new PersonResult.Refused("bad-name");
        }

        if (!Roles.Exists(role))
        {
            return new PersonResult.Refused("bad-role");
        }

        var person = new Person { Id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture), Name = name, Role = role, MustChange = true, CreatedAt = time.GetUtcNow() };
        var password = PersonRules.OneTimePassword();
        if (!(await users.CreateAsync(person, password)).Succeeded)
        {
            return new PersonResult.Refused("name-taken");
        }

        await RecordAsync(AuditActions.PersonAdded, caller, $"{name}: {role}", cancellationToken);
        return new PersonResult.Password(person, password);
    }

    /// <summary>Gives somebody a new one-time password; their sessions end, and a lockout too.</summary>
    public async Task<PersonResult> ResetAsync(string name, Caller caller, CancellationToken cancellationToken)
    {
        if (await users.FindByNameAsync(name) is not { } person)
        {
            return new PersonResult.Refused("not-found");
        }

        var password = PersonRules.OneTimePassword();
        (person.MustChange, person.LockoutEnd, person.FailedCount) = (true, null, 0);
        person.PasswordHash = users.PasswordHasher.HashPassword(person, password);
        if (!(await users.UpdateSecurityStampAsync(person)).Succeeded)
        {
            return new PersonResult.Refused("changed-meanwhile");
        }

        await RecordAsync(AuditActions.PasswordReset, caller, person.Name, cancellationToken);
        return new PersonResult.Password(person, password);
    }

    /// <summary>Changes role and state. The last admin stays one.</summary>
    public async Task<PersonResult> ChangeAsync(string name, string role, bool disabled, Caller caller, CancellationToken cancellationToken)
    {
        if (!Roles.Exists(role))
        {
            return new PersonResult.Refused("bad-role");
        }

        if (await users.FindByNameAsync(name) is not { } person)
        {
            return new PersonResult.Refused("not-found");
        }

        var (roleBefore, disabledBefore) = (person.Role, person.Disabled);
        if (!await store.TryChangeAsync(person, role, disabled, cancellationToken))
        {
            return new PersonResult.Refused("last-admin");
        }

        (person.Role, person.Disabled) = (role, disabled);
        if (disabled != disabledBefore)
        {
            await users.UpdateSecurityStampAsync(person);
            await RecordAsync(disabled ? AuditActions.PersonDisabled : AuditActions.PersonEnabled, caller, person.Name, cancellationToken);
        }

        if (!string.Equals(role, roleBefore, StringComparison.Ordinal))
        {
            await RecordAsync(AuditActions.PersonChanged, caller, $"{person.Name}: {roleBefore} → {role}", cancellationToken);
        }

        return new PersonResult.Done(person);
    }

    /// <summary>Changes the caller's own password; their other sessions end.</summary>
    public async Task<PersonResult> ChangePasswordAsync(ClaimsPrincipal session, string? current, string? next, Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (await users.GetUserAsync(session) is not { } person)
        {
            return new PersonResult.Refused("not-found");
        }

        if (!limits.Allow(caller.From, person.NormalizedName))
        {
            return new PersonResult.Refused("too-many");
        }

        if (string.Equals(current, next, StringComparison.Ordinal))
        {
            return new PersonResult.Refused("same");
        }

        // Saved together with the new password, and only then.
        person.MustChange = false;
        var result = await users.ChangePasswordAsync(person, current ?? "", next ?? "");
        if (!result.Succeeded)
        {
            var code = result.Errors.First().Code;
            return new PersonResult.Refused(string.Equals(code, nameof(IdentityErrorDescriber.PasswordMismatch), StringComparison.Ordinal) ? "wrong-password" : code);
        }

        await RecordAsync(AuditActions.PasswordChanged, caller, person.Name, cancellationToken);
        return new PersonResult.Done(person);
    }

    private Task RecordAsync(string action, Caller caller, string detail, CancellationToken cancellationToken) =>
        audit.RecordAsync(new AuditRecord(time.GetUtcNow(), action, caller.Who, caller.From, Detail: detail), cancellationToken);
}
