using Microsoft.AspNetCore.Html;
using QRCoder;

namespace HeyGemExport.Pages;

internal static class QrCode
{
    /// <summary>An SVG of black modules on white with the quiet zone that scanners need, also on a dark page. It scales with its
    /// box.</summary>
    public static HtmlString Svg(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return new(code.GetGraphic(1, "#000", "#fff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute));
    }
}
