using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

public sealed class Crc32Tests
{
    // 0xCBF43926 is the check value of CRC-32/ISO-HDLC in Greg Cook's catalogue of CRC algorithms.
    [Fact]
    public void Gives_the_check_value()
    {
        var crc = new Crc32();
        crc.Append("123456789"u8);

        Assert.Equal(0xCBF43926, crc.Value);
    }

    [Fact]
    public void Gives_the_same_whether_bytes_come_together_or_one_by_one()
    {
        foreach (var length in Enumerable.Range(0, 300).Append(100_003))
        {
            var bytes = ArchiveFixture.Noise(length, seed: length);
            var (together, single) = (new Crc32(), new Crc32());
            together.Append(bytes.AsSpan(0, length / 3));
            together.Append(bytes.AsSpan(length / 3));
            foreach (var value in bytes)
            {
                single.Append([value]);
            }

            Assert.Equal(single.Value, together.Value);
        }
    }
}
