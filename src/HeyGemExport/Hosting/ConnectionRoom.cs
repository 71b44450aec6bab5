using System.IO.Pipelines;
using System.Net;
using HeyGemExport.FileSystem;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace HeyGemExport.Hosting;

/// <summary>Accepts a connection while there are descriptors for it, and for what else the app opens. Without one, Kestrel would try to
/// accept again and again, and the runtime ends the process when it cannot open a library. Where there are too few, the connection
/// that has been idle for the longest is closed, and others wait where the kernel keeps them.</summary>
internal sealed partial class ConnectionRoom(
    IOptions<SocketTransportOptions> options, ILoggerFactory loggers, TimeProvider time) : IConnectionListenerFactory
{
    /// <summary>For libraries that are not loaded yet, two each, and for files.</summary>
    private const int Reserve = 64;

    /// <summary>Accepted even without the reserve.</summary>
    private const int Least = 16;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>How long one that has sent no request may take to, before it is closed for another one.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <summary>And how long one that has been answered may take for the rest of the answer, and the next request.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    private readonly SocketTransportFactory sockets = new(options, loggers);
    private readonly ILogger log = loggers.CreateLogger<ConnectionRoom>();
    private readonly long? limit = LinuxSyscalls.DescriptorLimit();
    private readonly Lock gate = new();
    private readonly HashSet<Connection> open = [];
    private long? warnedAt;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken), this);

    /// <summary>Tells connections with a request from idle ones. Before anything else.</summary>
    public static Task ServeAsync(HttpContext context, RequestDelegate next) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items[typeof(ConnectionRoom)] is Connection connection
            ? connection.ServeAsync(context, next)
            : next(context);

    private bool IsFull => open.Count >= Least && limit is { } most
        && LinuxSyscalls.LowestFreeDescriptor() is var lowest && (lowest is null || lowest >= most - Reserve);

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (gate)
            {
                if (!IsFull)
                {
                    return;
                }

                CloseIdlest();
            }

            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }

    private void CloseIdlest()
    {
        if (open.Where(connection => connection.IsIdle).MinBy(connection => connection.IdleSince) is not { } idlest)
        {
            return;
        }

        idlest.Abort(new ConnectionAbortedException("Others wait for a connection."));
        if (warnedAt is not { } warned || time.GetElapsedTime(warned) > BetweenWarnings)
        {
            warnedAt = time.GetTimestamp();
            Log.Full(log, open.Count, limit!.Value);
        }
    }

    private Connection Add(ConnectionContext inner)
    {
        var connection = new Connection(inner, this, time);
        inner.Items[typeof(ConnectionRoom)] = connection;
        lock (gate)
        {
            open.Add(connection);
        }

        return connection;
    }

    private void Remove(Connection connection)
    {
        lock (gate)
        {
            open.Remove(connection);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "文件描述符不足, 已关闭空闲最久的连接: 现有连接 {Open}, 上限 {Limit} (ulimit -n)")]
        public static partial void Full(ILogger logger, int open, long limit);
    }

    private sealed class Listener(IConnectionListener inner, ConnectionRoom room) : IConnectionListener
    {
        private readonly CancellationTokenSource unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(unbound.Token, cancellationToken);
            try
            {
                await room.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (unbound.IsCancellationRequested)
            {
                return null;
            }

            return await inner.AcceptAsync(cancellationToken) is { } accepted ? room.Add(accepted) : null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await unbound.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            unbound.Dispose();
        }
    }

    private sealed class Connection(ConnectionContext inner, ConnectionRoom room, TimeProvider time) : ConnectionContext
    {
        private int requests;
        private bool hasServed;
        private volatile bool isClosing;
        private long idleSince = time.GetTimestamp();

        public long IdleSince => Volatile.Read(ref idleSince);

        public bool IsIdle => Volatile.Read(ref requests) == 0 && !isClosing
            && time.GetElapsedTime(IdleSince) > (hasServed ? Pause : Silence);

        public override IDuplexPipe Transport
        {
            get => inner.Transport;
            set => inner.Transport = value;
        }

        public override string ConnectionId
        {
            get => inner.ConnectionId;
            set => inner.ConnectionId = value;
        }

        public override IFeatureCollection Features => inner.Features;

        public override IDictionary<object, object?> Items
        {
            get => inner.Items;
            set => inner.Items = value;
        }

        public override CancellationToken ConnectionClosed
        {
            get => inner.ConnectionClosed;
            set => inner.ConnectionClosed = value;
        }

        public override EndPoint? LocalEndPoint
        {
            get => inner.LocalEndPoint;
            set => inner.LocalEndPoint = value;
        }

        public override EndPoint? RemoteEndPoint
        {
            get => inner.RemoteEndPoint;
            set => inner.RemoteEndPoint = value;
        }

        public override void Abort(ConnectionAbortedException abortReason)
        {
            isClosing = true;
            inner.Abort(abortReason);
        }

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
            room.Remove(this);
        }

        public async Task ServeAsync(HttpContext context, RequestDelegate next)
        {
            Interlocked.Increment(ref requests);
            try
            {
                await next(context);
            }
            finally
            {
                hasServed = true;
                Volatile.Write(ref idleSince, time.GetTimestamp());
                Interlocked.Decrement(ref requests);
            }
        }
    }
}
