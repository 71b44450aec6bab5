using System.Globalization;
using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using HeyGemExport.Data;
using HeyGemExport.Health;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Cli;

/// <summary><c>HeyGemExport user add|reset|list</c>: accounts from a shell, also when nobody can sign in any more.</summary>
internal static class UserCommand
{
    private const string RoleOption = "--role";

    /// <summary>Runs what the words after <c>user</c> ask for.</summary>
    /// <returns>0; 1 when it could not be done; <see cref="CommandLine.UsageError"/> when it could not be understood.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, IReadOnlyList<string> words, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var texts = services.GetRequiredService<IStringLocalizer<HealthTexts>>();
        await using var scope = services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserService>();
        var caller = Caller.System with { From = "shell" };
        try
        {
            switch (Read(words))
            {
                case ("list", [], null):
                    await ListAsync(people, output, cancellationToken);
                    return 0;
                case ("add", [var name], var role):
                    return await TellAsync(await people.AddAsync(name, role ?? Roles.Viewer, caller, cancellationToken), texts, output, errors, cancellationToken);
                case ("reset", [var name], null):
                    return await TellAsync(await people.ResetPasswordAsync(name, caller, cancellationToken), texts, output, errors, cancellationToken);
                default:
                    await errors.WriteLineAsync(texts["Cli.usage"].Value.AsMemory(), cancellationToken);
                    return CommandLine.UsageError;
            }
        }
        catch (Exception fault) when (DatabaseErrors.IsUnavailable(fault))
        {
            await errors.WriteLineAsync(fault.Message.AsMemory(), cancellationToken);
            return 1;
        }
    }

    /// <summary>The verb, the names after it, and the role. Settings (<c>--Data:Path=…</c>) are the host's.</summary>
    private static (string Verb, string[] Names, string? Role) Read(IReadOnlyList<string> words)
    {
        List<string> plain = [];
        string? role = null;
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (string.Equals(word, RoleOption, StringComparison.Ordinal))
            {
                role = index + 1 < words.Count ? words[++index] : "";
            }
            else if (word.StartsWith(RoleOption + "=", StringComparison.Ordinal))
            {
                role = word[(RoleOption.Length + 1)..];
            }
            else if (!word.StartsWith('-'))
            {
                plain.Add(word);
            }
        }

        return plain is [var verb, .. var names] ? (verb, [.. names], role) : ("", [], role);
    }

    private static async Task ListAsync(UserService people, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var person in await people.ListAsync(cancellationToken))
        {
            var state = person.Disabled ? "disabled" : person.MustChange ? "one-time-password" : "active";
            var last = person.LastSignInAt?.ToString("yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture) ?? "-";
            await output.WriteLineAsync($"{person.Name}\t{person.Role}\t{state}\t{last}".AsMemory(), cancellationToken);
        }
    }

    private static async Task<int> TellAsync(UserResult result, IStringLocalizer texts, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (result is UserResult.Password(var person, var password))
        {
            // The password alone on the output, so that a script can take it; the words about it go beside.
            await errors.WriteLineAsync(texts["Cli.oneTime", person.Name, person.Role].Value.AsMemory(), cancellationToken);
            await output.WriteLineAsync(password.AsMemory(), cancellationToken);
            return 0;
        }

        var code = result is UserResult.Refused(var refused) ? refused : "";
        await errors.WriteLineAsync(texts[$"Cli.user.{code}"].Value.AsMemory(), cancellationToken);
        return 1;
    }
}
