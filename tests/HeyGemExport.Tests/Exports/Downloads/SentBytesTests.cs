using System.IO.Pipelines;
using HeyGemExport.Exports.Downloads;
using Microsoft.AspNetCore.Connections;

namespace HeyGemExport.Tests.Exports.Downloads;

/// <summary>What counts as sent: the server takes what it is given without a word when the client has gone.</summary>
public sealed class SentBytesTests
{
    private readonly Pipe connection = new();

    [Fact]
    public async Task Counts_what_the_connection_has_taken()
    {
        await using var body = new CountingStream(connection.Writer);

        await body.WriteAsync(new byte[1000]);
        await body.WriteAsync(new byte[500]);

        Assert.Equal(1500, body.Written);
    }

    [Fact]
    public async Task Counts_nothing_that_nobody_takes_any_more_and_stops()
    {
        await using var body = new CountingStream(connection.Writer);
        await body.WriteAsync(new byte[1000]);
        await connection.Reader.CompleteAsync();

        await Assert.ThrowsAsync<ConnectionAbortedException>(async () => await body.WriteAsync(new byte[500]));

        Assert.Equal(1000, body.Written);
    }
}
