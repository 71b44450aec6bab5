using Deque.AxeCore.Commons;

namespace HeyGemExport.BrowserTests;

/// <summary>Accessibility rules, as axe-core checks them.</summary>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>What is wrong on the page as it is now. Reads the script once per page, and asks for nothing but violations; the
    /// package's own <c>RunAxe</c> opens a second page for each report, in several times the time.</summary>
    /// <param name="tag">Only the rules with this tag of axe; all when null.</param>
    public static async Task<string[]> ViolationsAsync(this IPage page, string? tag = null)
    {
        await page.AtRestAsync();
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        return await page.EvaluateAsync<string[]>("""
            async (tag) => (await axe.run(document, { resultTypes: ['violations'], ...(tag && { runOnly: tag }) })).violations
              .flatMap(rule => rule.nodes.map(node => `${rule.id} (${rule.help}) ${node.html}`))
            """, tag);
    }

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public static Task<int> ExcessWidthAsync(this IPage page) => page.EvaluateAsync<int>(
        "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - document.documentElement.clientWidth");
}
