using HeyGemExport.Data;

namespace HeyGemExport.Accounts.People;

/// <summary>The first start with accounts and without people makes an admin, whose one-time password is told once, in the log.</summary>
internal sealed partial class AdminSeeder(IServiceScopeFactory scopes, ActiveMode mode, TimeProvider time, ILogger<AdminSeeder> log) : BackgroundService
{
    public const string Name = "admin";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!mode.HasSignIn)
        {
            return;
        }

        try
        {
            await DatabasePatience.AskAsync(() => EnsureAsync(stoppingToken), fault => Log.Waiting(log, fault.Message), time, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service is stopping.
        }
    }

    private async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<UserStore>().IsEmptyAsync(cancellationToken))
        {
            return false;
        }

        // Of several hosts that start at once, one gets the name.
        var added = await scope.ServiceProvider.GetRequiredService<UserService>().AddAsync(Name, Roles.Admin, Caller.System, cancellationToken);
        if (added is UserResult.Password(var person, var password))
        {
            Log.Made(log, person.Name, password);
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "首次启动：已创建管理员 {Name}，一次性密码 {Password}，首次登录后必须修改 (first start: sign in as {Name} with this one-time password and change it)")]
        public static partial void Made(ILogger logger, string name, string password);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the database before people can sign in: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
