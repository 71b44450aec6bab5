using HeyGemExport.Archives;

namespace HeyGemExport.Tests.Archives;

public sealed class PartialArchiveTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public async Task Has_its_name_only_once_it_is_published()
    {
        await using var partial = PartialArchive.Create(folder["a.zip"], expectedBytes: 1_000_000);
        await partial.Stream.WriteAsync(new byte[] { 1, 2, 3 });
        Assert.Equal(["a.zip.partial"], Names());

        await partial.PublishAsync(flush: false, CancellationToken.None);

        Assert.Equal(["a.zip"], Names());
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(folder["a.zip"]));
    }

    [Fact]
    public async Task Leaves_nothing_when_it_is_not_published()
    {
        await using (var partial = PartialArchive.Create(folder["a.zip"], expectedBytes: 10))
        {
            await partial.Stream.WriteAsync(new byte[100]);
        }

        Assert.Empty(Names());
    }

    [Fact]
    public async Task Does_not_touch_an_archive_of_the_same_name()
    {
        await File.WriteAllTextAsync(folder["a.zip"], "another");
        await using (var partial = PartialArchive.Create(folder["a.zip"], expectedBytes: 10))
        {
            await Assert.ThrowsAsync<IOException>(() => partial.PublishAsync(flush: false, CancellationToken.None));
        }

        Assert.Equal(["a.zip"], Names());
        Assert.Equal("another", await File.ReadAllTextAsync(folder["a.zip"]));
    }

    [Fact]
    public async Task Cannot_be_opened_by_another_while_it_is_built()
    {
        await using var partial = PartialArchive.Create(folder["a.zip"], expectedBytes: 10);

        Assert.Throws<IOException>(() => new FileStream(folder["a.zip.partial"], FileMode.Open, FileAccess.ReadWrite, FileShare.None));
        Assert.Throws<IOException>(() => PartialArchive.Create(folder["a.zip"], expectedBytes: 10));
        Assert.Equal(["a.zip.partial"], Names());
    }

    [Fact]
    public void Leaves_nothing_when_there_is_no_space()
    {
        Assert.Throws<IOException>(() => PartialArchive.Create(folder["a.zip"], expectedBytes: 1L << 50));

        Assert.Empty(Names());
    }

    public void Dispose() => folder.Dispose();

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(folder.FullPath).Select(path => Path.GetFileName(path))];
}
