using HeyGemExport.Exports.Downloads;

namespace HeyGemExport.Tests.Exports.Downloads;

public sealed class ByteRangesTests
{
    private static readonly ByteRanges None = ByteRanges.FromPairs([]);

    [Fact]
    public void Counts_a_byte_once_however_often_it_was_sent() =>
        Assert.Equal(150, None.Add(0, 100).Add(50, 100).Add(0, 10).Total);

    [Fact]
    public void Joins_ranges_that_touch() =>
        Assert.Equal([[0, 300]], None.Add(0, 100).Add(200, 100).Add(100, 100).ToPairs());

    [Fact]
    public void Keeps_a_gap() =>
        Assert.Equal([[0, 10], [20, 30]], None.Add(20, 10).Add(0, 10).ToPairs());

    [Fact]
    public void Ignores_a_request_that_sent_nothing() => Assert.Equal(0, None.Add(5, 0).Total);

    [Fact]
    public void Claims_less_rather_than_more_when_there_are_too_many_ranges()
    {
        var ranges = Enumerable.Range(0, ByteRanges.MaxRanges + 500).Aggregate(None, (sent, index) => sent.Add(index * 10L, 5));

        Assert.Equal(ByteRanges.MaxRanges, ranges.ToPairs().Count);
        Assert.Equal(ByteRanges.MaxRanges * 5, ranges.Total);
    }
}
