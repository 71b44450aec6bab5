using HeyGemExport.Library;

namespace HeyGemExport.BrowserTests.Exports;

/// <summary>The second way on the confirm card: downloading at once.</summary>
public sealed class InstantTests(Chromium chromium) : BrowserTest<HeldApp>(chromium, new HeldApp())
{
    [BrowserTheory]
    [InlineData(Words.Zh, "立即下载", "先打包")]
    [InlineData(Words.En, "Download now", "Pack it first")]
    public async Task A_person_downloads_at_once_and_may_pack_afterwards(string locale, string now, string packFirst)
    {
        var visitor = await VisitLibraryAsync(locale, await AddKnownAsync());
        await visitor.AskAsync();

        var download = await visitor.DownloadAsync(() => visitor.Button(now).ClickAsync());

        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();
        await using (var zip = await System.IO.Compression.ZipFile.OpenReadAsync(await download.PathAsync()))
        {
            Assert.Equal(App.Get<LibraryIndex>().Current.Videos.Count, zip.Entries.Count);
        }

        Assert.Empty(App.TempFiles);
        await visitor.Button(packFirst).ClickAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Waiting)).ToBeVisibleAsync();
        Assert.Empty(visitor.Complaints);
    }

    [BrowserFact]
    public async Task It_works_without_scripts()
    {
        var visitor = await VisitLibraryAsync(Words.Zh, await AddKnownAsync(), scripts: false);
        await visitor.AskAsync();
        await visitor.Button("立即下载").ClickAsync();

        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Link(visitor.Words.Download)).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task It_is_the_way_out_where_the_archive_has_no_room()
    {
        App.Settings["Exports:MaxTempBytes"] = "1000";
        var visitor = await VisitLibraryAsync(Words.En, await AddKnownAsync());
        await visitor.AskAsync();

        await Assertions.Expect(visitor.Button(visitor.Words.Confirm)).ToBeDisabledAsync();
        await Assertions.Expect(visitor.Button("Download now")).ToBeFocusedAsync();
        await visitor.DownloadAsync(() => visitor.Button("Download now").ClickAsync());
    }

    [BrowserFact]
    public async Task It_is_not_offered_for_what_the_server_has_not_read()
    {
        var visitor = await VisitLibraryAsync(Words.En, AddSamples());
        await visitor.AskAsync();

        await Assertions.Expect(visitor.Button(visitor.Words.Confirm)).ToBeEnabledAsync();
        await Assertions.Expect(visitor.Button("Download now")).ToHaveCountAsync(0);
    }

    private async Task<int> AddKnownAsync()
    {
        var count = AddSamples();
        await KnownVideos.LearnAsync(App);
        return count;
    }
}
