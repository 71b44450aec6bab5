namespace HeyGemExport.BrowserTests;

/// <summary>A fact that needs Chromium: passed over where it is missing, failed where CI wants everything.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Missing.Reason;
}

/// <summary>A theory that needs Chromium.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Missing.Reason;
}

/// <summary>Where the browser is missing.</summary>
internal static class Missing
{
    public static string? Reason { get; } =
        Chromium.Executable is null && !Chromium.IsRequired ? "Chromium is not installed: apt install chromium, or name it in CHROMIUM." : null;
}
