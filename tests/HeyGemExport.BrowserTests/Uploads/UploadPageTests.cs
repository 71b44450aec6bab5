
namespace HeyGemExport.BrowserTests.Uploads;

/// <summary>From the confirm card into a real store, and back by a link.</summary>
public sealed class UploadPageTests(Chromium chromium, SwiftServer server)
    : BrowserTest(chromium, new ExportApp()), IClassFixture<SwiftServer>
{
    [StoreTheory]
    [InlineData(Words.Zh, true, "查看上传", "已送达", "生成 1 小时有效的链接", "持有此链接的人都可以下载")]
    [InlineData(Words.En, false, "See uploads", "Delivered", "for 1 hour", "Whoever has this link")]
    public async Task What_is_confirmed_with_a_destination_arrives_there_and_can_be_linked_to(
        string locale, bool scripts, string see, string delivered, string hour, string made)
    {
        using var bucket = await TestBucket.CreateAsync(server);
        Configure(bucket.Name);
        App.AddVideo("批次/课程.mp4", 200_000);
        var visitor = await VisitLibraryAsync(locale, 1, scripts);

        await visitor.AskAsync();
        await visitor.Card.Locator("details.options > summary").ClickAsync();
        await visitor.Card.Locator("input[name='Deliver.DeliverTo'][value=store]").CheckAsync();
        await visitor.ShowAsync($"confirm-{locale}");
        await visitor.ConfirmAsync();
        await Assertions.Expect(visitor.Heading(visitor.Words.Ready)).ToBeVisibleAsync();
        await visitor.ShowAsync($"ready-{locale}");
        await visitor.Link(see).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText(delivered, new() { Exact = true })).ToBeVisibleAsync();

        await visitor.Page.Locator(".delivery details > summary").ClickAsync();
        await visitor.Page.Locator($".object-list button[aria-label*='{hour}']").First.ClickAsync();

        await Assertions.Expect(visitor.Page.GetByText(made)).ToBeVisibleAsync();
        using var anyone = new HttpClient();
        var content = await anyone.GetByteArrayAsync(await visitor.Page.Locator("#link").GetAttributeAsync("href"));
        Assert.Equal(
            content, await bucket.ReadAsync((await bucket.KeysAsync()).Single(key => key.EndsWith(".zip", StringComparison.Ordinal))));
        await visitor.ShowAsync($"deliveries-{locale}");
        if (scripts)
        {
            Assert.Empty(await visitor.Page.ViolationsAsync());
        }
    }

    [StoreTheory]
    [InlineData(Words.Zh, "测试 store", "store 可用")]
    [InlineData(Words.En, "Test store", "store works")]
    public async Task Ops_try_a_destination_with_a_button(string locale, string button, string told)
    {
        using var bucket = await TestBucket.CreateAsync(server);
        Configure(bucket.Name);
        var visitor = await VisitAsync(locale);
        await visitor.GoAsync("/ops");

        await visitor.Button(button).ClickAsync();

        await Assertions.Expect(visitor.Page.GetByText(told)).ToBeVisibleAsync();
        await visitor.ShowAsync($"ops-{locale}");
        Assert.Empty(await visitor.Page.ViolationsAsync());
        Assert.Empty(await bucket.KeysAsync());
    }

    private void Configure(string bucket)
    {
        foreach (var (key, value) in new[]
        {
            ("Endpoint", server.Endpoint), ("Bucket", bucket), ("Prefix", "results"), ("ForcePathStyle", "true"),
            ("AccessKeyId", SwiftServer.AccessKey), ("SecretAccessKey", SwiftServer.Secret),
        })
        {
            App.Settings["Delivery:Destinations:store:" + key] = value;
        }
    }
}

/// <summary>A theory that needs Chromium and a store.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoreTheoryAttribute : TheoryAttribute
{
    public StoreTheoryAttribute() => Skip = new BrowserFactAttribute().Skip ?? new SwiftFactAttribute().Skip;
}
