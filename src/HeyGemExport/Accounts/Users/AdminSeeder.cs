using HeyGemExport.Data;
using HeyGemExport.Hosting;

namespace HeyGemExport.Accounts.Users;

/// <summary>At the first start with accounts and without users; the one-time password is logged once.</summary>
internal sealed partial class AdminSeeder(
    IServiceScopeFactory scopes, ActiveMode mode, IOptions<NodeOptions> node, TimeProvider time, ILogger<AdminSeeder> log)
    : BackgroundService
{
    public const string Name = "admin";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => !mode.HasSignIn || !node.Value.ServesPages
        ? Task.CompletedTask
        : DatabaseRetry.UntilAvailableAsync(
            () => SeedAsync(stoppingToken), error => Log.Waiting(log, error.Message), time, stoppingToken);

    private async Task<bool> SeedAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var isFirst = await scope.ServiceProvider.GetRequiredService<UserStore>().IsEmptyAsync(cancellationToken);

        // Of several hosts that start at once, one gets the name.
        if (isFirst
            && await scope.ServiceProvider.GetRequiredService<UserService>().AddAsync(Name, Roles.Admin, Caller.System, cancellationToken)
                is UserResult.Password(var user, var password))
        {
            Log.Created(log, user.Name, password);
        }

        return isFirst;
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "首次启动：已创建管理员 {Name}，一次性密码 {Password}，首次登录后必须修改 "
                + "(first start: sign in as {Name} with this one-time password and change it)")]
        public static partial void Created(ILogger logger, string name, string password);

        [LoggerMessage(Level = LogLevel.Warning, Message = "等待数据库恢复，此前无法登录: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
