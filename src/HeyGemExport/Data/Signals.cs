namespace HeyGemExport.Data;

/// <summary>What nodes over one PostgreSQL tell each other at once, by NOTIFY: each hears it over one connection, whoever waits for it
/// here. With SQLite there is nobody else.</summary>
internal sealed partial class Signals(Database database, TimeProvider time, ILogger<Signals> log) : BackgroundService
{
    private static readonly TimeSpan PauseWhileAway = TimeSpan.FromSeconds(1);

    /// <summary>A topic, and what has changed about it.</summary>
    public Action<string, string>? Heard { get; set; }

    /// <summary>From now on all is heard; what was told before may have been missed.</summary>
    public Action? Began { get; set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!database.IsSqlite)
        {
            try
            {
                await database.ListenAsync(() => Began?.Invoke(), Receive, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.NotListening(log, exception.Message);
            }

            await Task.Delay(PauseWhileAway, time, stoppingToken);
        }
    }

    private void Receive(string signal)
    {
        if (signal.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space)
        {
            Heard?.Invoke(signal[..space], signal[(space + 1)..]);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "与其他节点的即时通知中断, 正在重连: {Reason}")]
        public static partial void NotListening(ILogger logger, string reason);
    }
}
