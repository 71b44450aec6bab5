using System.Security.Cryptography;
using HeyGemExport.Data;
using Microsoft.AspNetCore.Authentication;

namespace HeyGemExport.Accounts.Users;

/// <summary>Begins and ends sessions on the server: a cookie that somebody copied ends with them.</summary>
internal sealed class Sessions(Database database, IOptions<AccountsOptions> options, TimeProvider time)
{
    private const string Id = "session";
    private const string Begun = "begun";

    private TimeSpan Lifetime => TimeSpan.FromHours(options.Value.SessionMaxHours);

    public AuthenticationProperties Begin() => new()
    {
        Items =
        {
            [Id] = RandomNumberGenerator.GetHexString(32, lowercase: true),
            [Begun] = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        },
    };

    /// <summary>Whether it has been ended, or has lasted as long as any may.</summary>
    public async Task<bool> IsOverAsync(AuthenticationProperties session, CancellationToken cancellationToken) =>
        IdOf(session) is not { } id
        || EndOf(session) <= time.GetUtcNow()
        || await database.FirstAsync<long>("SELECT COUNT(*) FROM ended_sessions WHERE id = @id", new { id }, cancellationToken) > 0;

    public async Task EndAsync(AuthenticationProperties? session, CancellationToken cancellationToken)
    {
        if (session is not null && IdOf(session) is { } id)
        {
            await database.ExecuteAsync(
                "INSERT INTO ended_sessions (id, until) VALUES (@id, @until) ON CONFLICT DO NOTHING",
                new { id, until = EndOf(session) },
                cancellationToken);
            await database.ExecuteAsync(
                "DELETE FROM ended_sessions WHERE until < @now", new { now = time.GetUtcNow() }, cancellationToken);
        }
    }

    private static string? IdOf(AuthenticationProperties session) => session.Items.TryGetValue(Id, out var id) ? id : null;

    private DateTimeOffset EndOf(AuthenticationProperties session) =>
        session.Items.TryGetValue(Begun, out var begun) && long.TryParse(begun, CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) + Lifetime
            : DateTimeOffset.MinValue;
}
