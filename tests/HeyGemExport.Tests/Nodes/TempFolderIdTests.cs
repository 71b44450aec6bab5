using System.Runtime.Versioning;
using HeyGemExport.Exports;
using HeyGemExport.Nodes;

namespace HeyGemExport.Tests.Nodes;

[UnsupportedOSPlatform("windows")]
public sealed class TempFolderIdTests : IDisposable
{
    private readonly HeldApp app = new();
    private readonly string path;

    public TempFolderIdTests() => path = Path.Combine(app.Get<ArchiveFolder>().TempPath, ".heygem-export-id");

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task All_nodes_over_a_folder_read_the_same_from_a_file_that_only_their_account_may_read()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync(new(app.Get<ArchiveFolder>()))));

        Assert.Equal(32, Assert.Single(ids.Distinct())?.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Single(Directory.GetFiles(app.Temp, ".heygem-export-id*"));
    }

    [Theory]
    [InlineData("mkfifo")]
    [InlineData("ln", "-s", "/etc/hostname")]
    public async Task What_is_no_file_of_its_own_is_not_opened_and_keeps_nobody_waiting(params string[] make)
    {
        Assert.True(MountedFolder.Run(make[0], [.. make[1..], path]));
        var id = new TempFolderId(app.Get<ArchiveFolder>());
        Assert.Null(await ReadAsync(id));

        File.Delete(path);

        Assert.NotNull(await ReadAsync(id));
    }

    private static async Task<string?> ReadAsync(TempFolderId id)
    {
        await id.ReadAsync(CancellationToken.None);
        return id.Id;
    }
}
