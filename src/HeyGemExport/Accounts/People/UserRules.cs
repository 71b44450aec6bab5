using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.People;

/// <summary>What a name and a password have to be.</summary>
internal sealed class UserRules : IPasswordValidator<User>
{
    /// <summary>Characters of a password, at least. NIST SP 800-63B, 3.1.1.2, asks for length and forbids rules of composition.</summary>
    public const int LeastPassword = 12;

    /// <summary>Characters of a password, at most.</summary>
    public const int MostPassword = 256;

    /// <summary>Characters of a name, at most.</summary>
    public const int MostName = 64;

    /// <summary>Wrong passwords in a row after which none is looked at for a while.</summary>
    public const int MostFailures = 10;

    private const int OneTimeLength = 20;

    // Without characters that look alike; 20 of them have 98 random bits.
    private const string OneTimeLetters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>How long none is looked at. Short, because whoever knows a name can cause it.</summary>
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(1);

    /// <summary>Whether somebody may be called so: letters and digits of any script, and <c>. - _ @</c> between them.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= MostName }
        && char.IsLetterOrDigit(name[0])
        && name.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or '@')
        && !Caller.IsReserved(name);

    /// <summary>A password that is to be used once.</summary>
    public static string OneTimePassword() => RandomNumberGenerator.GetString(OneTimeLetters, OneTimeLength);

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var wrong = password switch
        {
            null or { Length: < LeastPassword } => "too-short",
            { Length: > MostPassword } => "too-long",
            _ when password.Contains(user.Name, StringComparison.OrdinalIgnoreCase) && password.Length - user.Name.Length < LeastPassword / 2 => "like-name",
            _ when password.Distinct().Count() < 3 => "too-plain",
            _ => null,
        };
        return Task.FromResult(wrong is null ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = wrong }));
    }
}
