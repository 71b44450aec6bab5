namespace HeyGemExport.BrowserTests;

/// <summary>What moves on a page.</summary>
internal static class PageMotion
{
    /// <summary>Waits until what moves has come to rest: a card that fades in has too little contrast on the way. What never
    /// ends (a dot that pulses) is left alone. A transition begins with the frame after the change that causes it, and one in a part of
    /// the page that is not rendered never ends: nothing here lasts for three seconds.</summary>
    public static async Task AtRestAsync(this IPage page)
    {
        await page.LoadedAsync();
        await page.EvaluateAsync("""
            async () => {
              const atMost = (promise, milliseconds) => Promise.race([promise, new Promise(next => setTimeout(next, milliseconds))]);
              await atMost(new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next))), 1000);
              const moving = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < 10000);
              await atMost(Promise.allSettled(moving.map(one => one.finished)), 3000);
            }
            """);
    }

    /// <summary>Waits until the page is whole: its elements are there before the style sheets are. The page is asked itself, since
    /// Playwright at times loses the event when a form led to it.</summary>
    public static Task LoadedAsync(this IPage page) =>
        Eventually.HoldsAsync(() => page.EvaluateAsync<bool>("() => document.readyState === 'complete'"));
}
