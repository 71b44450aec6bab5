using System.Globalization;

namespace HeyGemExport.Pages;

/// <summary>Sizes as people read them: in steps of 1024, named KB, MB, GB as Windows Explorer names them.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>For example <c>1.8 GB</c>; one decimal below 100, none above.</summary>
    /// <param name="bytes">From 0.</param>
    /// <param name="culture">Decides the decimal sign.</param>
    public static string Format(long bytes, CultureInfo culture)
    {
        double value = bytes;
        var unit = 0;
        while (unit < Units.Length - 1 && Rounded(value, unit) >= 1024)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(culture, $"{Rounded(value, unit):0.#} {Units[unit]}");
    }

    /// <summary>In the culture of the request.</summary>
    public static string Readable(long bytes) => Format(bytes, CultureInfo.CurrentCulture);

    // Rounded before it is compared, so that 1023.99 MB reads "1 GB" and not "1024 MB".
    private static double Rounded(double value, int unit) =>
        Math.Round(value, unit > 0 && value < 99.95 ? 1 : 0, MidpointRounding.AwayFromZero);
}
