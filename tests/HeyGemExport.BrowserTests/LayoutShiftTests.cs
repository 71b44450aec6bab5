namespace HeyGemExport.BrowserTests;

/// <summary>Nothing moves under the hand while a page loads, even where scripts come late.</summary>
public sealed class LayoutShiftTests(Chromium chromium) : BrowserTest(chromium, new ExportApp())
{
    /// <summary>What Lighthouse calls good is 0.1.</summary>
    private const double Most = 0.05;

    [BrowserTheory]
    [InlineData(1280, 900)]
    [InlineData(390, 844)]
    [InlineData(320, 568)]
    public async Task Pages_do_not_jump_while_they_load(int width, int height)
    {
        var visitor = await VisitLibraryAsync(new VisitorOptions(Width: width, Height: height), AddSamples());
        await visitor.Page.RouteAsync(
            address => address.Contains("/js/", StringComparison.Ordinal) && !address.Contains("scripted", StringComparison.Ordinal),
            async route =>
            {
                await Task.Delay(300);
                await route.ContinueAsync();
            });

        foreach (var address in new[] { "/", "/?q=a", "/verify", "/exports", "/ops", "/audit" })
        {
            await visitor.GoAsync(address);
            await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            var shift = await visitor.Page.EvaluateAsync<double>("""
                () => new Promise((resolve) => {
                  new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
                    .observe({ type: 'layout-shift', buffered: true });
                  setTimeout(() => resolve(0), 500);
                })
                """);

            Assert.True(shift < Most, $"{address} moves by {shift:F3}");
        }
    }

    [BrowserFact]
    public async Task A_page_that_jumps_is_found()
    {
        var visitor = await VisitLibraryAsync(new VisitorOptions(), AddSamples());
        await visitor.Page.EvaluateAsync("""
            () => setTimeout(() => document.querySelector('main').insertAdjacentHTML('afterbegin', '<p id=late>late</p>'.repeat(20)), 200)
            """);
        await visitor.Page.WaitForSelectorAsync("#late");

        Assert.True(await visitor.Page.EvaluateAsync<double>("""
            () => new Promise((resolve) => {
              new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
                .observe({ type: 'layout-shift', buffered: true });
            })
            """) > Most);
    }
}
