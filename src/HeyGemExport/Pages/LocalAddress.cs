using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Pages;

/// <summary>Addresses within the app that come from a request.</summary>
internal static class LocalAddress
{
    private const string Library = "~/";

    /// <summary>The address as a header can have it; the library's if it leads out of the app, or is none.</summary>
    public static string Of(string? address) => RedirectHttpResult.IsLocalUrl(address) ? Encode(address!) : Library;

    /// <summary>RFC 9110, 5.5: fields of headers are ASCII. What is encoded already stays as it is.</summary>
    public static string Encode(string address)
    {
        var text = new StringBuilder(address.Length);
        foreach (var rune in address.EnumerateRunes())
        {
            text.Append(rune.Value is > ' ' and < 0x7F ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        return text.ToString();
    }
}
