using System.IO.Compression;

namespace HeyGemExport.BrowserTests.Verify;

/// <summary>How people give the page what they have: chosen, dropped, as a folder, in parts, again.</summary>
public sealed class VerifyGivingTests(Chromium chromium) : VerifyTest(chromium)
{
    [BrowserFact]
    public async Task Checks_an_unpacked_folder()
    {
        var folder = Delivery.Unpacked("unpacked");
        var page = await OpenAsync();
        await page.Locator("input[webkitdirectory]").SetInputFilesAsync(folder);
        await ExpectVerdictAsync(page, "good", "All 4 files are there, nothing extra, nothing changed");

        File.Delete(Path.Combine(folder, "empty.mp4"));
        await File.WriteAllTextAsync(Path.Combine(folder, "batch_1", "notes.txt"), "mine");
        await AgainAsync(page);
        await page.Locator("input[webkitdirectory]").SetInputFilesAsync(folder);
        await ExpectFindingAsync(page, "missing", "empty.mp4");
        await ExpectFindingAsync(page, "extra", "batch_1/notes.txt");
    }

    [BrowserFact]
    public async Task Checks_unpacked_files_that_were_chosen_one_by_one()
    {
        var page = await OpenAsync();
        await ChooseAsync(page, Directory.GetFiles(Delivery.Unpacked("unpacked"), "*", SearchOption.AllDirectories));
        await ExpectVerdictAsync(page, "good", "All 4 files are there, nothing extra, nothing changed");
    }

    [BrowserFact]
    public async Task Checks_what_is_dropped_with_the_mouse()
    {
        var page = await OpenAsync();
        await DropAsync(page, Delivery.Archive("good.zip"));
        await ExpectVerdictAsync(page, "good", "All 4 files are there, nothing extra, nothing changed");
        await AgainAsync(page);
        await DropAsync(page, Delivery.Archive("fewer.zip", Without("welcome.mov")));
        await ExpectFindingAsync(page, "missing", "welcome.mov");
    }

    [BrowserFact]
    public async Task Checks_an_unpacked_folder_that_is_dropped_with_the_mouse()
    {
        var folder = Delivery.Unpacked("unpacked");
        var page = await OpenAsync();
        await DropAsync(page, folder);
        await ExpectVerdictAsync(page, "good", "All 4 files are there, nothing extra, nothing changed");
        File.Delete(Path.Combine(folder, "batch_1", "lesson 02.mp4"));
        await AgainAsync(page);
        await DropAsync(page, folder);
        await ExpectFindingAsync(page, "missing", "batch_1/lesson 02.mp4");
    }

    /// <summary>Needs 5 GB of disk: <c>HEYGEM_LARGE=1 dotnet test tests/HeyGemExport.BrowserTests --filter Five_gigabytes</c>.</summary>
    [OnDemandFact("HEYGEM_LARGE")]
    public async Task Five_gigabytes_are_packed_and_proved()
    {
        Clips.WriteSparseMp4(Path.Combine(App.Outputs, "a large one.mp4"), 5L << 30);
        await ExportAsync(new { checksums = true, compression = "store" }, "z.mp4");
        var page = await OpenAsync();
        await ChooseAsync(page, Assert.Single(App.TempFiles));
        await Assertions.Expect(page.Locator("[data-part=result]:not([hidden]) [data-verdict=good]"))
            .ToBeVisibleAsync(new() { Timeout = 600_000 });
        Assert.Empty(Requests);
    }

    [BrowserFact]
    public async Task Says_when_there_is_nothing_to_compare_with()
    {
        var page = await OpenAsync();
        await ChooseAsync(page, Path.Combine(Delivery.Unpacked("unpacked"), "welcome.mov"));
        await Assertions.Expect(page.Locator("[data-part=refusal]")).ToContainTextAsync("There is neither a ZIP nor a list");
    }

    [BrowserFact]
    public async Task Can_be_cancelled_and_used_again()
    {
        var large = App.Folder["large.zip"];
        await using (var file = File.Create(large))
        {
            file.Write("PK\u0003\u0004"u8);
            file.SetLength(3L << 30);
        }

        await File.AppendAllBytesAsync(large, Convert.FromHexString("504b0506" + new string('0', 36)));
        var page = await OpenAsync();
        await ChooseAsync(page, large);
        await Assertions.Expect(page.Locator("[data-percent]")).Not.ToBeEmptyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-part=refusal]")).ToHaveTextAsync("The check was cancelled.");
        await ChooseAsync(page, Delivery.Archive("good.zip"));
        await ExpectVerdictAsync(page, "good");
    }

    [BrowserFact]
    public async Task Knows_which_part_is_missing_from_a_set()
    {
        var parts = await ExportInPartsAsync();
        var page = await OpenAsync();
        await ChooseAsync(page, parts[0]);
        await ExpectFindingAsync(page, "missingParts", Path.GetFileName(parts[1]));
        await ExpectFindingAsync(page, "missing", "b.mp4");
        await AgainAsync(page, parts);
        await ExpectVerdictAsync(page, "good", "All 2 files are there, nothing extra, nothing changed");
    }

    [BrowserFact]
    public async Task Claims_nothing_for_parts_whose_list_was_overwritten()
    {
        foreach (var part in await ExportInPartsAsync())
        {
            await ZipFile.ExtractToDirectoryAsync(part, App.Folder["together"], overwriteFiles: true);
        }

        var page = await OpenAsync();
        await page.Locator("input[webkitdirectory]").SetInputFilesAsync(App.Folder["together"]);
        await ExpectVerdictAsync(page, "partial");
        await Assertions.Expect(page.Locator("[data-kind=unproved] li")).ToHaveTextAsync(["a.mp4"]);
    }

    [BrowserFact]
    public async Task Needs_no_network_and_makes_no_request_once_it_is_open()
    {
        var page = await OpenAsync();
        await page.Context.SetOfflineAsync(true);
        await ChooseAsync(page, Delivery.Archive("good.zip"));
        await ExpectVerdictAsync(page, "good", "All 4 files are there, nothing extra, nothing changed");
        await AgainAsync(page, Delivery.Archive("bad.zip", Without("welcome.mov")));
        await ExpectVerdictAsync(page, "bad");
        Assert.Empty(Requests);
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Serves_everybody(ColorScheme scheme)
    {
        var page = await OpenAsync(new VisitorOptions(Words.En, Scheme: scheme));
        await page.Locator("summary").ClickAsync();
        await page.AtRestAsync();
        Assert.Empty(await page.ViolationsAsync());
        await ChooseAsync(page, Delivery.Archive("fewer.zip", Without("welcome.mov")));
        await ExpectVerdictAsync(page, "bad");
        await page.AtRestAsync();
        Assert.Empty(await page.ViolationsAsync());
        await AgainAsync(page, Delivery.Archive("good.zip"));
        await ExpectVerdictAsync(page, "good");
        await page.AtRestAsync();
        Assert.Empty(await page.ViolationsAsync());
    }

    // As the system's file manager does it: the mouse comes in with the files, and lets them go over the field.
    private static async Task DropAsync(IPage page, string path)
    {
        var box = (await page.Locator("#verify").BoundingBoxAsync())!;
        var session = await page.Context.NewCDPSessionAsync(page);
        foreach (var type in new[] { "dragEnter", "dragOver", "drop" })
        {
            await session.SendAsync("Input.dispatchDragEvent", new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["type"] = type,
                ["x"] = box.X + (box.Width / 2),
                ["y"] = box.Y + 100,
                ["data"] = new { items = Array.Empty<object>(), files = new[] { path }, dragOperationsMask = 1 },
            });
        }
    }
}
