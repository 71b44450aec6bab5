using Dapper;
using HeyGemExport.Data;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.People;

/// <summary>People in the database, as Identity asks for them: with password, stamp and lockout.</summary>
internal sealed class UserStore(Database database) : IUserPasswordStore<User>, IUserSecurityStampStore<User>, IUserLockoutStore<User>
{
    private const string Columns = "id, name, normalized_name, role, password_hash, security_stamp, must_change, disabled, failed_count, lockout_end, created_at, last_sign_in_at";

    /// <summary>All of them, by name.</summary>
    public Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken) => SelectAsync("ORDER BY normalized_name", new { }, cancellationToken);

    /// <summary>Whether there is anybody.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM users", cancellationToken: cancellationToken)) == 0;
    }

    /// <summary>Changes role and state, unless that would leave nobody who may manage people.</summary>
    /// <returns>Whether it was changed.</returns>
    public async Task<bool> TryChangeAsync(User person, string role, bool disabled, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Two admins who disable each other at the same time: the second one waits here, and sees what the first did.
        await connection.ExecuteAsync(new CommandDefinition("UPDATE users SET role = role WHERE role = 'admin'", transaction: transaction, cancellationToken: cancellationToken));
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE users SET role = @role, disabled = @Disabled
            WHERE id = @Id AND ((@role = 'admin' AND @Disabled = 0)
                OR EXISTS (SELECT 1 FROM users other WHERE other.id <> @Id AND other.role = 'admin' AND other.disabled = 0)
                OR role <> 'admin' OR disabled = 1)
            """,
            new { person.Id, role, Disabled = disabled ? 1L : 0L },
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return changed == 1;
    }

    public async Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var inserted = await connection.ExecuteAsync(new CommandDefinition(
            $"""
            INSERT INTO users ({Columns})
            VALUES (@Id, @Name, @NormalizedName, @Role, @PasswordHash, @SecurityStamp, @MustChange, @Disabled, @FailedCount, @LockoutEnd, @CreatedAt, @LastSignInAt)
            ON CONFLICT DO NOTHING
            """,
            UserRow.Of(user),
            cancellationToken: cancellationToken));
        user.StoredStamp = user.SecurityStamp;
        return inserted == 1 ? IdentityResult.Success : IdentityResult.Failed(new IdentityErrorDescriber().DuplicateUserName(user.Name));
    }

    /// <remarks>A sign-in that ends late must not undo what an admin did meanwhile: role and state are <see cref="TryChangeAsync"/>'s, and a person whose
    /// stamp has changed is not updated.</remarks>
    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var updated = await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE users
            SET password_hash = @PasswordHash, security_stamp = @SecurityStamp, must_change = @MustChange,
                failed_count = @FailedCount, lockout_end = @LockoutEnd, last_sign_in_at = @LastSignInAt
            WHERE id = @Id AND security_stamp = @StoredStamp
            """,
            UserRow.Of(user),
            cancellationToken: cancellationToken));
        if (updated == 0)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }

        user.StoredStamp = user.SecurityStamp;
        return IdentityResult.Success;
    }

    /// <remarks>A name that was given away again would give its exports away, too.</remarks>
    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException("People are disabled, not deleted.");

    public async Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        (await SelectAsync("WHERE id = @userId", new { userId }, cancellationToken)).SingleOrDefault();

    public async Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        (await SelectAsync("WHERE normalized_name = @normalizedUserName", new { normalizedUserName }, cancellationToken)).SingleOrDefault();

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => Set(() => user.Name = userName ?? "");

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedName);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => Set(() => user.NormalizedName = normalizedName ?? "");

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken) => Set(() => user.PasswordHash = passwordHash ?? "");

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash.Length > 0);

    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken) => Set(() => user.SecurityStamp = stamp);

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnd);

    public Task SetLockoutEndDateAsync(User user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Set(() => user.LockoutEnd = lockoutEnd);

    public Task<int> IncrementAccessFailedCountAsync(User user, CancellationToken cancellationToken) => Task.FromResult(++user.FailedCount);

    public Task ResetAccessFailedCountAsync(User user, CancellationToken cancellationToken) => Set(() => user.FailedCount = 0);

    public Task<int> GetAccessFailedCountAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.FailedCount);

    public Task<bool> GetLockoutEnabledAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(User user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        // Nothing is held between two questions.
    }

    private static Task Set(Action set)
    {
        set();
        return Task.CompletedTask;
    }

    private async Task<IReadOnlyList<User>> SelectAsync(string condition, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<UserRow>(new CommandDefinition($"SELECT {Columns} FROM users {condition}", parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToPerson())];
    }
}
