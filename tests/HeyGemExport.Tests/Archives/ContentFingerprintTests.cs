using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

public sealed class ContentFingerprintTests
{
    private static readonly byte[] Content = ArchiveFixture.Noise(300_001, seed: 7);

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_001)]
    public void Is_the_same_however_the_content_arrives(int step)
    {
        var whole = new ContentFingerprint();
        using (whole)
        {
            whole.Append(Content);

            Assert.Equal(whole.Complete(), Of(whole.Key, Content, step));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(300_000)]
    public void Differs_when_one_bit_does(int at)
    {
        byte[] key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        byte[] changed = [.. Content];
        changed[at] ^= 1;

        Assert.NotEqual(Of(key, Content, 4096), Of(key, changed, 4096));
    }

    [Fact]
    public void Differs_when_blocks_change_places_or_the_length_does()
    {
        var key = new byte[16];
        byte[] exchanged = [.. Content[65_536..131_072], .. Content[..65_536], .. Content[131_072..]];

        byte[][] all =
        [
            Of(key, Content, 4096), Of(key, exchanged, 4096), Of(key, Content[..^1], 4096), Of(key, [.. Content, 0], 4096),
            Of(key, [], 1), Of(key, [0], 1), Of(key, new byte[65_536], 4096), Of(key, new byte[65_537], 4096),
        ];

        Assert.Equal(all.Length, all.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_content_has_a_key_of_its_own()
    {
        using var one = new ContentFingerprint();
        using var other = new ContentFingerprint();

        Assert.NotEqual(one.Key, other.Key);
        Assert.Equal(16, one.Key.Length);
    }

    private static byte[] Of(byte[] key, byte[] content, int step)
    {
        using var fingerprint = new ContentFingerprint(key);
        for (var at = 0; at < content.Length; at += step)
        {
            fingerprint.Append(content.AsSpan(at, Math.Min(step, content.Length - at)));
        }

        return fingerprint.Complete();
    }
}
