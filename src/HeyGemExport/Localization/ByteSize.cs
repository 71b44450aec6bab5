namespace HeyGemExport.Localization;

internal static class ByteSize
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB"];

    /// <summary>For example <c>1.8 GB</c>; decimal units, as disks and file managers show them, in the present culture.</summary>
    public static string Format(long bytes)
    {
        double size = bytes;
        var unit = 0;
        while (Math.Abs(size) >= 999.5 && unit < Units.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        var format = unit == 0 || Math.Abs(size) >= 99.95 ? "N0" : "N1";
        return $"{size.ToString(format, CultureInfo.CurrentCulture)} {Units[unit]}";
    }
}
