using System.CommandLine;
using HeyGemExport.Accounts;
using HeyGemExport.Accounts.Users;
using HeyGemExport.Data;

namespace HeyGemExport.Cli;

/// <summary><c>HeyGemExport user add|reset|list</c>: accounts from a shell, also when nobody can sign in any more.</summary>
internal static class UserCommand
{
    public static Command Create(IServiceProvider services, IStringLocalizer texts)
    {
        var name = new Argument<string>("NAME");
        var role = new Option<string>("--role") { DefaultValueFactory = _ => Roles.Viewer };
        var list = new Command("list");
        var add = new Command("add") { name, role };
        var reset = new Command("reset") { name };
        list.SetAction((_, cancellationToken) => RunAsync(services, users => ListAsync(users, cancellationToken)));
        add.SetAction((words, cancellationToken) => RunAsync(services, async users =>
            Report(await users.AddAsync(words.GetValue(name)!, words.GetValue(role)!, CommandLine.Caller, cancellationToken), texts)));
        reset.SetAction((words, cancellationToken) => RunAsync(services, async users =>
            Report(await users.ResetPasswordAsync(words.GetValue(name)!, CommandLine.Caller, cancellationToken), texts)));
        return new Command("user") { list, add, reset };
    }

    /// <returns>0; 1 when it could not be done.</returns>
    private static async Task<int> RunAsync(IServiceProvider services, Func<UserService, Task<int>> run)
    {
        await using var scope = services.CreateAsyncScope();
        try
        {
            return await run(scope.ServiceProvider.GetRequiredService<UserService>());
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    private static async Task<int> ListAsync(UserService users, CancellationToken cancellationToken)
    {
        foreach (var user in await users.ListAsync(cancellationToken))
        {
            var state = user.Disabled ? "disabled" : user.MustChange ? "one-time-password" : "active";
            var last = user.LastSignInAt?.ToString("yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture) ?? "-";
            Console.Out.WriteLine($"{user.Name}\t{user.Role}\t{state}\t{last}");
        }

        return 0;
    }

    private static int Report(UserResult result, IStringLocalizer texts)
    {
        if (result is UserResult.Password(var user, var password))
        {
            // The password alone on the output, so that a script can take it; the words about it go to the errors.
            Console.Error.WriteLine(texts["Cli.oneTime", user.Name, user.Role]);
            Console.Out.WriteLine(password);
            return 0;
        }

        Console.Error.WriteLine(texts[$"Cli.user.{((UserResult.Refused)result).Code}"]);
        return 1;
    }
}
