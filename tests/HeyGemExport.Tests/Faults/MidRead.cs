using HeyGemExport.Exports;

namespace HeyGemExport.Tests.Faults;

/// <summary>Meets an export in the middle of its first file.</summary>
internal static class MidRead
{
    /// <summary>Long enough that the file cannot be read to its end before a test has acted.</summary>
    public const long Bytes = 400L << 20;

    /// <summary>Runs an export, acts as soon as bytes of its first file have been packed, and waits for its end.</summary>
    public static async Task RunAsync(HeldApp app, string id, Action act)
    {
        var board = app.Get<ExportProgressBoard>();
        var running = Task.Run(() => app.RunAsync(id));
        var spin = default(SpinWait);
        while (board.Find(id) is not { DoneBytes: > 0 } && !running.IsCompleted)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        act();
        var inTime = board.Find(id) is not { DoneFiles: > 0 };
        await running;
        Assert.True(inTime, "The file had been read before the test could act on it.");
    }
}
