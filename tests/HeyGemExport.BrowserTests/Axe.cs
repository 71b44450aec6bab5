using Deque.AxeCore.Commons;

namespace HeyGemExport.BrowserTests;

/// <summary>Accessibility rules, as axe-core checks them.</summary>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>What is wrong on the page as it is now. Reads the script once per page, and asks for nothing but violations; the
    /// package's own <c>RunAxe</c> opens a second page for each report, in several times the time.</summary>
    /// <param name="rules">All but experimental ones and those of AAA when null.</param>
    public static async Task<string[]> ViolationsAsync(this IPage page, string[]? rules = null)
    {
        await page.AtRestAsync();
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        return await page.EvaluateAsync<string[]>("""
            async (rules) => (await axe.run(
              document, { resultTypes: ['violations'], ...(rules && { runOnly: { type: 'rule', values: rules } }) })).violations
              .flatMap(rule => rule.nodes.map(node => `${rule.id} (${rule.help}) ${node.html}`))
            """, rules);
    }

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public static async Task<int> ExcessWidthAsync(this IPage page)
    {
        await page.LoadedAsync();
        return await page.EvaluateAsync<int>(
            "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - document.documentElement.clientWidth");
    }
}
