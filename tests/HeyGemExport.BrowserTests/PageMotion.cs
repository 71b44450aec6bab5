namespace HeyGemExport.BrowserTests;

/// <summary>What moves on a page.</summary>
internal static class PageMotion
{
    /// <summary>Waits until what moves has come to rest: a card that fades in has too little contrast on the way. What never
    /// ends (a dot that pulses) is left alone. A transition begins with the frame after the change that causes it.</summary>
    public static Task AtRestAsync(this IPage page) => page.EvaluateAsync("""
        async () => {
          await new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));
          await Promise.allSettled(document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < 10000).map(one => one.finished));
        }
        """);
}
