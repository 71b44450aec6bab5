using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace HeyGemExport.Accounts.Users;

internal sealed class UserRules : IPasswordValidator<User>
{
    /// <summary>NIST SP 800-63B, 3.1.1.2, requires length and forbids rules of composition.</summary>
    public const int MinPasswordLength = 12;

    public const int MaxPasswordLength = 256;
    public const int MaxNameLength = 64;

    private const int OneTimeLength = 20;

    // Without characters that look alike; 20 of them have 98 random bits.
    private const string OneTimeLetters = "abcdefghjkmnpqrstuvwxyz23456789";

    /// <summary>Letters and digits of any script, and <c>. - _ @</c> after the first character; no reserved name.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength }
        && char.IsLetterOrDigit(name[0])
        && name.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or '@')
        && !Caller.IsReserved(name);

    public static string OneTimePassword() => RandomNumberGenerator.GetString(OneTimeLetters, OneTimeLength);

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var error = password switch
        {
            null or { Length: < MinPasswordLength } => "too-short",
            { Length: > MaxPasswordLength } => "too-long",
            _ when password.Contains(user.Name, StringComparison.OrdinalIgnoreCase)
                && password.Length - user.Name.Length < MinPasswordLength / 2 => "like-name",
            _ when password.Distinct().Count() < 3 => "too-plain",
            _ => null,
        };
        return Task.FromResult(error is null ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = error }));
    }
}
