using Dapper;
using HeyGemExport.Storage;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.People;

/// <summary>People in the database, as Identity asks for them: with password, stamp and lockout.</summary>
public sealed class PersonStore(Database database) : IUserPasswordStore<Person>, IUserSecurityStampStore<Person>, IUserLockoutStore<Person>
{
    private const string Columns = "id, name, normalized_name, role, password_hash, security_stamp, must_change, disabled, failed_count, lockout_end, created_at, last_sign_in_at";

    /// <summary>All of them, by name.</summary>
    public Task<IReadOnlyList<Person>> ListAsync(CancellationToken cancellationToken) => SelectAsync("ORDER BY normalized_name", new { }, cancellationToken);

    /// <summary>Whether there is anybody.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM users", cancellationToken: cancellationToken)) == 0;
    }

    /// <summary>Changes role and state, unless that would leave nobody who may manage people.</summary>
    /// <returns>Whether it was changed.</returns>
    public async Task<bool> TryChangeAsync(Person person, string role, bool disabled, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
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

    /// <inheritdoc/>
    public async Task<IdentityResult> CreateAsync(Person user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        await using var connection = await database.OpenAsync(cancellationToken);
        var inserted = await connection.ExecuteAsync(new CommandDefinition(
            $"""
            INSERT INTO users ({Columns})
            VALUES (@Id, @Name, @NormalizedName, @Role, @PasswordHash, @SecurityStamp, @MustChange, @Disabled, @FailedCount, @LockoutEnd, @CreatedAt, @LastSignInAt)
            ON CONFLICT DO NOTHING
            """,
            PersonRow.Of(user),
            cancellationToken: cancellationToken));
        user.StoredStamp = user.SecurityStamp;
        return inserted == 1 ? IdentityResult.Success : IdentityResult.Failed(new IdentityErrorDescriber().DuplicateUserName(user.Name));
    }

    /// <inheritdoc/>
    /// <remarks>A sign-in that ends late must not undo what an admin did meanwhile: role and state are <see cref="TryChangeAsync"/>'s, and a person whose
    /// stamp has changed is not updated.</remarks>
    public async Task<IdentityResult> UpdateAsync(Person user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        await using var connection = await database.OpenAsync(cancellationToken);
        var updated = await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE users
            SET password_hash = @PasswordHash, security_stamp = @SecurityStamp, must_change = @MustChange,
                failed_count = @FailedCount, lockout_end = @LockoutEnd, last_sign_in_at = @LastSignInAt
            WHERE id = @Id AND security_stamp = @StoredStamp
            """,
            PersonRow.Of(user),
            cancellationToken: cancellationToken));
        if (updated == 0)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }

        user.StoredStamp = user.SecurityStamp;
        return IdentityResult.Success;
    }

    /// <inheritdoc/>
    /// <remarks>A name that was given away again would give its exports away, too.</remarks>
    public Task<IdentityResult> DeleteAsync(Person user, CancellationToken cancellationToken) => throw new NotSupportedException("People are disabled, not deleted.");

    /// <inheritdoc/>
    public async Task<Person?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        (await SelectAsync("WHERE id = @userId", new { userId }, cancellationToken)).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<Person?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        (await SelectAsync("WHERE normalized_name = @normalizedUserName", new { normalizedUserName }, cancellationToken)).SingleOrDefault();

    /// <inheritdoc/>
    public Task<string> GetUserIdAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    /// <inheritdoc/>
    public Task<string?> GetUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    /// <inheritdoc/>
    public Task SetUserNameAsync(Person user, string? userName, CancellationToken cancellationToken) => Set(() => user.Name = userName ?? "");

    /// <inheritdoc/>
    public Task<string?> GetNormalizedUserNameAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedName);

    /// <inheritdoc/>
    public Task SetNormalizedUserNameAsync(Person user, string? normalizedName, CancellationToken cancellationToken) => Set(() => user.NormalizedName = normalizedName ?? "");

    /// <inheritdoc/>
    public Task SetPasswordHashAsync(Person user, string? passwordHash, CancellationToken cancellationToken) => Set(() => user.PasswordHash = passwordHash ?? "");

    /// <inheritdoc/>
    public Task<string?> GetPasswordHashAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.PasswordHash);

    /// <inheritdoc/>
    public Task<bool> HasPasswordAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash.Length > 0);

    /// <inheritdoc/>
    public Task SetSecurityStampAsync(Person user, string stamp, CancellationToken cancellationToken) => Set(() => user.SecurityStamp = stamp);

    /// <inheritdoc/>
    public Task<string?> GetSecurityStampAsync(Person user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> GetLockoutEndDateAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnd);

    /// <inheritdoc/>
    public Task SetLockoutEndDateAsync(Person user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Set(() => user.LockoutEnd = lockoutEnd);

    /// <inheritdoc/>
    public Task<int> IncrementAccessFailedCountAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(++user.FailedCount);

    /// <inheritdoc/>
    public Task ResetAccessFailedCountAsync(Person user, CancellationToken cancellationToken) => Set(() => user.FailedCount = 0);

    /// <inheritdoc/>
    public Task<int> GetAccessFailedCountAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(user.FailedCount);

    /// <inheritdoc/>
    public Task<bool> GetLockoutEnabledAsync(Person user, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <inheritdoc/>
    public Task SetLockoutEnabledAsync(Person user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held between two questions.
    }

    private static Task Set(Action set)
    {
        set();
        return Task.CompletedTask;
    }

    private async Task<IReadOnlyList<Person>> SelectAsync(string condition, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<PersonRow>(new CommandDefinition($"SELECT {Columns} FROM users {condition}", parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToPerson())];
    }
}
