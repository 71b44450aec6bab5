using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

public class ArchiveReaderTests
{
    [Fact]
    public async Task Gives_its_buffers_back_once_however_often_it_is_disposed()
    {
        // The pool takes back as many as are out.
        List<byte[]> rented = [Chunks.Rent(), Chunks.Rent()];
        var reader = new ArchiveReader(Stream.Null, CancellationToken.None);
        await reader.DisposeAsync();
        await reader.DisposeAsync();

        rented.AddRange(Enumerable.Range(0, 6).Select(_ => Chunks.Rent()));

        Assert.Equal(rented.Count, rented.Distinct().Count());
        rented.ForEach(Chunks.Return);
    }
}
