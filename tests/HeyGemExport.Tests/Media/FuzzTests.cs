using System.Diagnostics;
using System.Globalization;
using HeyGemExport.Media;
using Xunit.Abstractions;

namespace HeyGemExport.Tests.Media;

/// <summary>Damaged files cost nothing: no exception, no memory, no time. Runs for some seconds, or for as long as
/// <c>HEYGEM_FUZZ_SECONDS</c> says, from the seed in <c>HEYGEM_FUZZ_SEED</c>.</summary>
[Collection(MatrixClips.Collection)]
public sealed class FuzzTests(MatrixClips clips, ITestOutputHelper output)
{
    private const long MostBytes = 4_000_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    [ProgramFact("ffmpeg", "ffprobe")]
    public void Mutated_files_cause_no_exception_no_large_allocation_and_no_long_run()
    {
        var seconds = Setting("HEYGEM_FUZZ_SECONDS") ?? 3;
        var seed = Setting("HEYGEM_FUZZ_SEED") ?? Environment.ProcessId;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var files = MatrixClips.Playing.Keys.Concat(MatrixClips.Pictureless.Keys)
            .Select(name => (Name: name, Content: clips[name])).ToList();
        var watch = Stopwatch.StartNew();
        var rounds = 0;
        for (; watch.Elapsed.TotalSeconds < seconds; rounds++)
        {
            var (name, content) = files[random.Next(files.Count)];
            Inspect($"{name}, round {rounds}, seed {seed}", Mutate(content, random));
        }

        output.WriteLine($"{rounds} files");
    }

    private static void Inspect(string what, byte[] content)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        var failure = Record.Exception(() => MediaInspector.Inspect(new MemoryStream(content)));

        Assert.True(failure is null, $"{what}: {failure}");
        Assert.True(Stopwatch.GetElapsedTime(started) < Longest, what);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - allocated < MostBytes, what);
    }

    // Headers and tables stand at the start and at the end; lengths and counts are where a few bytes matter most.
    private static byte[] Mutate(byte[] content, Random random)
    {
        var changed = (byte[])content.Clone();
        for (var change = random.Next(20); change >= 0; change--)
        {
            var near = Math.Min(3000, changed.Length);
            var at = random.Next(3) switch { 0 => random.Next(changed.Length), 1 => random.Next(near), _ =>
                changed.Length - 1 - random.Next(near) };
            var bytes = changed.AsSpan(at, Math.Min(1 + random.Next(4), changed.Length - at));
            switch (random.Next(3))
            {
                case 0:
                    random.NextBytes(bytes);
                    break;
                case 1:
                    bytes.Fill(0xFF);
                    break;
                default:
                    bytes.Clear();
                    break;
            }
        }

        return random.Next(10) == 0 ? changed[..random.Next(changed.Length)] : changed;
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : null;
}
