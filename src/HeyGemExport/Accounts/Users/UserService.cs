using System.Security.Claims;
using HeyGemExport.Audit;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.Users;

internal abstract record UserResult
{
    public sealed record Done(User User) : UserResult;

    /// <summary>Shown once; must be changed at the first sign-in.</summary>
    public sealed record Password(User User, string OneTime) : UserResult;

    /// <param name="Code"><c>not-found</c>, <c>name-taken</c>, <c>bad-name</c>, <c>bad-role</c>, <c>last-admin</c>,
    /// <c>changed-meanwhile</c>, <c>wrong-password</c>, <c>too-many</c> (attempts), or of the new password: <c>too-short</c>,
    /// <c>too-long</c>, <c>like-name</c>, <c>too-plain</c>, <c>same</c>.</param>
    public sealed record Refused(string Code) : UserResult;
}

internal sealed class UserService(UserManager<User> users, UserStore store, SignInLimits limits, AuditTrail audit, TimeProvider time)
{
    public Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    public async Task<UserResult> AddAsync(string name, string role, Caller caller, CancellationToken cancellationToken)
    {
        // One word has several spellings in Unicode; names must not differ by that alone.
        name = name.Trim().Normalize();
        if (!UserRules.IsName(name) || !Roles.Exists(role))
        {
            return new UserResult.Refused(UserRules.IsName(name) ? "bad-role" : "bad-name");
        }

        var id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        var user = new User { Id = id, Name = name, Role = role, MustChange = true, CreatedAt = time.GetUtcNow() };
        var password = UserRules.OneTimePassword();
        if (!(await users.CreateAsync(user, password)).Succeeded)
        {
            return new UserResult.Refused("name-taken");
        }

        await audit.RecordAsync(AuditActions.UserAdded, caller, cancellationToken, detail: $"{name}: {role}");
        return new UserResult.Password(user, password);
    }

    /// <summary>Sessions end.</summary>
    public async Task<UserResult> ResetPasswordAsync(string name, Caller caller, CancellationToken cancellationToken)
    {
        if (await users.FindByNameAsync(name) is not { } user)
        {
            return new UserResult.Refused("not-found");
        }

        var password = UserRules.OneTimePassword();
        user.MustChange = true;
        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        if (!(await users.UpdateSecurityStampAsync(user)).Succeeded)
        {
            return new UserResult.Refused("changed-meanwhile");
        }

        await audit.RecordAsync(AuditActions.PasswordReset, caller, cancellationToken, detail: user.Name);
        return new UserResult.Password(user, password);
    }

    /// <summary>The last admin stays one.</summary>
    public async Task<UserResult> ChangeAsync(string name, string role, bool disabled, Caller caller, CancellationToken cancellationToken)
    {
        if (!Roles.Exists(role))
        {
            return new UserResult.Refused("bad-role");
        }

        if (await users.FindByNameAsync(name) is not { } user)
        {
            return new UserResult.Refused("not-found");
        }

        var (roleBefore, disabledBefore) = (user.Role, user.Disabled);
        if (!await store.TryChangeAsync(user, role, disabled, cancellationToken))
        {
            return new UserResult.Refused("last-admin");
        }

        (user.Role, user.Disabled) = (role, disabled);
        if (disabled != disabledBefore)
        {
            await users.UpdateSecurityStampAsync(user);
            await audit.RecordAsync(
                disabled ? AuditActions.UserDisabled : AuditActions.UserEnabled, caller, cancellationToken, detail: user.Name);
        }

        if (!string.Equals(role, roleBefore, StringComparison.Ordinal))
        {
            await audit.RecordAsync(AuditActions.UserChanged, caller, cancellationToken, detail: $"{user.Name}: {roleBefore} → {role}");
        }

        return new UserResult.Done(user);
    }

    /// <summary>The caller's other sessions end.</summary>
    public async Task<UserResult> ChangePasswordAsync(
        ClaimsPrincipal session, string? current, string? next, Caller caller, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(session) is not { } user)
        {
            return new UserResult.Refused("not-found");
        }

        var error = !await limits.AllowAsync(caller.From, user.NormalizedName, cancellationToken) ? "too-many"
            : string.Equals(current, next, StringComparison.Ordinal) ? "same"
            : null;
        if (error is not null)
        {
            return new UserResult.Refused(error);
        }

        // Saved together with the new password, and only then.
        user.MustChange = false;
        var result = await users.ChangePasswordAsync(user, current ?? "", next ?? "");
        if (!result.Succeeded)
        {
            var code = result.Errors.First().Code;
            return new UserResult.Refused(
                string.Equals(code, nameof(IdentityErrorDescriber.PasswordMismatch), StringComparison.Ordinal) ? "wrong-password" : code);
        }

        await audit.RecordAsync(AuditActions.PasswordChanged, caller, cancellationToken, detail: user.Name);
        return new UserResult.Done(user);
    }
}
