namespace HeyGemExport.BrowserTests.Shares;

/// <summary>What the person gets who is sent a link, and what the one sees who makes it.</summary>
public sealed class SharePageTests(Chromium chromium) : BrowserTest<HeldApp>(chromium, Host())
{
    private const string WeChat =
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.50";

    private static HeldApp Host()
    {
        var app = new HeldApp();
        app.Settings["AllowedHosts"] = $"{Chromium.LanHost};127.0.0.1";
        return app;
    }

    public static TheoryData<string, int, ColorScheme> Looks => new()
    {
        { Words.Zh, 1280, ColorScheme.Light },
        { Words.En, 1280, ColorScheme.Dark },
        { Words.Zh, 390, ColorScheme.Dark },
        { Words.En, 390, ColorScheme.Light },
        { Words.Zh, 320, ColorScheme.Light },
    };

    [BrowserTheory]
    [MemberData(nameof(Looks))]
    public async Task A_recipient_sees_the_videos_plays_them_and_takes_one(string locale, int width, ColorScheme scheme)
    {
        var visitor = await VisitLibraryAsync(new(locale, Width: width, Scheme: scheme, Height: width < 500 ? 844 : 900), AddSamples());
        var id = await PackAsync(visitor);
        var address = await ShareAsync(visitor, id, "三月培训视频", "王老师", password: true);

        var stranger = await VisitAsync(new VisitorOptions(locale, Width: width, Scheme: scheme, Height: width < 500 ? 844 : 900));
        await stranger.GoAsync(address.Url);
        await stranger.ShowAsync($"share locked {locale} {width}");
        await stranger.Page.Locator("[name=password]").FillAsync(address.Password);
        await stranger.Page.Locator("main form button").ClickAsync();
        await Assertions.Expect(stranger.Heading("三月培训视频")).ToBeVisibleAsync();
        await Assertions.Expect(stranger.Page.Locator(".share-tile canvas, .share-tile img").First).ToBeVisibleAsync();
        await stranger.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await stranger.ShowAsync($"share open {locale} {width}");
        Assert.Empty(await stranger.LookAsync("share"));

        await stranger.Page.Locator(".share-tiles a.thumb").First.ClickAsync();
        var video = stranger.Page.Locator(".share-player video");
        await Assertions.Expect(video).ToBeVisibleAsync();
        Assert.True(await video.EvaluateAsync<double>("""
            video => new Promise((resolve) => {
              if (video.readyState > 0) resolve(video.duration);
              video.onloadedmetadata = () => resolve(video.duration);
              video.onerror = () => resolve(0);
            })
            """) > 0);
        await stranger.ShowAsync($"share playing {locale} {width}");
        Assert.Empty(await stranger.LookAsync("player"));
        await stranger.Page.Locator(".share-player a[rel~=next]").ClickAsync();
        await Assertions.Expect(video).ToHaveAttributeAsync("src", $"{new Uri(address.Url).AbsolutePath}/files/2");

        var file = stranger.Page.Locator(".share-tile-foot a").First;
        var download = await stranger.DownloadAsync(() => file.ClickAsync());
        var name = await stranger.Page.Locator(".share-name bdi").First.InnerTextAsync();
        Assert.Equal(Path.GetFileName(name), download.SuggestedFilename);
        var taken = await File.ReadAllBytesAsync(await download.SaveAsync(App.Folder));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(App.Outputs, name)), taken);
    }

    [BrowserFact]
    public async Task Without_scripts_it_is_all_there_but_the_pictures()
    {
        var visitor = await VisitLibraryAsync(Words.Zh, AddSamples());
        var address = await ShareAsync(visitor, await PackAsync(visitor), "三月", "", password: false);

        var stranger = await VisitAsync(Words.Zh, scripts: false);
        await stranger.GoAsync(address.Url);
        await stranger.Page.Locator(".share-tiles a.thumb").First.ClickAsync();
        await Assertions.Expect(stranger.Page.Locator(".share-player video")).ToBeVisibleAsync();
        var file = stranger.Page.Locator(".share-tile-foot a").First;
        await stranger.DownloadAsync(() => file.ClickAsync());
    }

    [BrowserTheory]
    [MemberData(nameof(Looks))]
    public async Task Link_and_password_are_copied_as_one_text_and_scanned_from_the_screen(string locale, int width, ColorScheme scheme)
    {
        var visitor = await VisitLibraryAsync(new(locale, Width: width, Scheme: scheme, Host: Chromium.LanHost), AddSamples());
        var id = await PackAsync(visitor);
        await visitor.GoAsync($"/exports/{id}");
        await visitor.Page.Locator(".shares summary").ClickAsync();
        await visitor.Page.Locator(".share-form [formaction]").ClickAsync();
        await visitor.ShowAsync($"share form {locale} {width}");
        Assert.Empty(await visitor.LookAsync("form"));
        await visitor.Page.Locator(".share-form [name=title]").PressAsync("Enter");

        var url = await visitor.Page.Locator("#share-address").InnerTextAsync();
        var password = await visitor.Page.Locator("#share-password").InnerTextAsync();
        Assert.StartsWith($"http://{Chromium.LanHost}:", url, StringComparison.Ordinal);
        await Assertions.Expect(visitor.Page.Locator(".shares .notice-warn")).ToHaveCountAsync(0);
        await visitor.ShowAsync($"share made {locale} {width}");
        Assert.Empty(await visitor.LookAsync("made"));
        await visitor.Page.Locator("[data-copy=share-new]").ClickAsync();
        await visitor.Page.EvaluateAsync("""
            () => {
              const area = document.createElement('textarea');
              area.id = 'pasted';
              document.querySelector('main').append(area);
              area.focus();
            }
            """);
        await visitor.Page.Keyboard.PressAsync("Control+V");
        var pasted = await visitor.Page.Locator("#pasted").InputValueAsync();
        Assert.Contains(url + "\n", pasted, StringComparison.Ordinal);
        Assert.Contains(password + "\n", pasted, StringComparison.Ordinal);

        var code = visitor.Page.Locator(".share-qr svg");
        await code.ScrollIntoViewIfNeededAsync();
        Assert.True((await code.BoundingBoxAsync())!.Width >= 150);
    }

    [BrowserFact]
    public async Task The_browser_of_a_messenger_is_told_to_open_another()
    {
        var visitor = await VisitLibraryAsync(Words.Zh, AddSamples());
        var address = await ShareAsync(visitor, await PackAsync(visitor), "三月", "王老师", password: true);

        var phone = await VisitAsync(new VisitorOptions(Words.Zh, Width: 390, Height: 844));
        await phone.Page.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["User-Agent"] = WeChat });
        await phone.GoAsync(address.Url);

        await Assertions.Expect(phone.Page.GetByText("请在浏览器中打开")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Page.Locator("#here")).ToHaveTextAsync(address.Url);
        await phone.ShowAsync("share in wechat");
        Assert.Empty(await phone.LookAsync("in WeChat"));
    }

    private static async Task<(string Url, string Password)> ShareAsync(
        Visitor visitor, string id, string title, string sender, bool password)
    {
        await visitor.GoAsync($"/exports/{id}");
        await visitor.Page.Locator(".shares summary").ClickAsync();
        await visitor.Page.Locator(".share-form [name=title]").FillAsync(title);
        await visitor.Page.Locator(".share-form [name=sender]").FillAsync(sender);
        if (password)
        {
            await visitor.Page.Locator(".share-form [formaction]").ClickAsync();
        }

        await visitor.Page.Locator(".share-form .button-primary").ClickAsync();
        return (
            await visitor.Page.Locator("#share-address").InnerTextAsync(),
            password ? await visitor.Page.Locator("#share-password").InnerTextAsync() : "");
    }

    private async Task<string> PackAsync(Visitor visitor)
    {
        await visitor.AskAsync();
        var id = await visitor.ConfirmAsync();
        await App.RunAsync(id);
        return id;
    }
}
