namespace HeyGemExport.Api;

internal static class PageNumber
{
    /// <summary>Reads a number of 1 to <paramref name="most"/>; an absent one is <paramref name="whenAbsent"/>.</summary>
    public static bool TryRead(string? text, int whenAbsent, int most, out int number)
    {
        number = whenAbsent;
        return string.IsNullOrEmpty(text)
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most);
    }
}
