namespace HeyGemExport.Localization;

/// <summary>The directional formatting characters of Unicode (UAX #9, table 2): they make <c>invoice_(U+202E)gpj.exe</c> read as a
/// picture.</summary>
internal static class BidiControls
{
    public static bool Contains(int codePoint) =>
        codePoint is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
