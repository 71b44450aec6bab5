using HeyGemExport.Data;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.Users;

internal sealed class UserStore(Database database) : IUserPasswordStore<User>, IUserSecurityStampStore<User>
{
    private const string Select = "SELECT users.*, security_stamp AS stored_stamp FROM users ";

    public Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<User>(Select + "ORDER BY normalized_name", parameters: null, cancellationToken);

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        await database.FirstAsync<int>("SELECT COUNT(*) FROM users", parameters: null, cancellationToken) == 0;

    /// <summary>False when that would leave no enabled admin.</summary>
    public async Task<bool> TryChangeAsync(User user, string role, bool disabled, CancellationToken cancellationToken) =>
        await database.InTransactionAsync(
            async session =>
            {
                // Two admins who disable each other at the same time: the second one waits here, and sees what the first did.
                await session.ExecuteAsync("UPDATE users SET role = role WHERE role = 'admin'");
                return await session.ExecuteAsync(
                    """
                    UPDATE users SET role = @role, disabled = @disabled
                    WHERE id = @Id AND ((@role = 'admin' AND @disabled = 0)
                        OR EXISTS (SELECT 1 FROM users other WHERE other.id <> @Id AND other.role = 'admin' AND other.disabled = 0)
                        OR role <> 'admin' OR disabled = 1)
                    """,
                    new { user.Id, role, disabled });
            },
            cancellationToken) == 1;

    public async Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        var inserted = await database.ExecuteAsync(
            """
            INSERT INTO users (
                id, name, normalized_name, role, password_hash, security_stamp, must_change, disabled, created_at, last_sign_in_at)
            VALUES (@Id, @Name, @NormalizedName, @Role, @PasswordHash, @SecurityStamp, @MustChange, @Disabled,
                @CreatedAt, @LastSignInAt)
            ON CONFLICT DO NOTHING
            """,
            user,
            cancellationToken);
        user.StoredStamp = user.SecurityStamp;
        return inserted == 1 ? IdentityResult.Success : IdentityResult.Failed(new IdentityErrorDescriber().DuplicateUserName(user.Name));
    }

    /// <remarks>A sign-in that ends late must not undo what an admin did meanwhile: not role and state, nor a newer stamp.</remarks>
    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        var updated = await database.ExecuteAsync(
            """
            UPDATE users
            SET password_hash = @PasswordHash, security_stamp = @SecurityStamp, must_change = @MustChange,
                last_sign_in_at = @LastSignInAt
            WHERE id = @Id AND security_stamp = @StoredStamp
            """,
            user,
            cancellationToken);
        if (updated == 0)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }

        user.StoredStamp = user.SecurityStamp;
        return IdentityResult.Success;
    }

    /// <remarks>Somebody who got the name later would get its exports, too.</remarks>
    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Users are disabled, not deleted.");

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        database.FirstAsync<User>(Select + "WHERE id = @userId", new { userId }, cancellationToken);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        database.FirstAsync<User>(Select + "WHERE normalized_name = @normalizedUserName", new { normalizedUserName }, cancellationToken);

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id);
    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);
    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => Set(user.Name = userName ?? "");
    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.NormalizedName);
    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) =>
        Set(user.NormalizedName = normalizedName ?? "");
    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken) =>
        Set(user.PasswordHash = passwordHash ?? "");
    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.PasswordHash);
    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash.Length > 0);
    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken) => Set(user.SecurityStamp = stamp);
    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.SecurityStamp);

    public void Dispose()
    {
        // Holds nothing between two queries.
    }

    private static Task Set<T>(T value)
    {
        _ = value;
        return Task.CompletedTask;
    }
}
