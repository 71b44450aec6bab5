using System.Buffers.Text;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace HeyGemExport.Pages;

/// <summary>A part of a page that <c>live.js</c> keeps up to date. Its <c>data-live</c> becomes a hash of what it shows, and a part whose
/// hash the script has already (<c>X-Live</c>) is sent empty. Parts can be nested: then only the rows that changed are sent.</summary>
[HtmlTargetElement(Attributes = AttributeName)]
public sealed partial class LiveTagHelper : TagHelper
{
    private const string AttributeName = "data-live";

    // A stale row for one in 2^48, against eight characters in a header for each row that is shown.
    private const int HashBytes = 6;

    [ViewContext, HtmlAttributeNotBound] public ViewContext ViewContext { get; set; } = null!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        // The request's items: those of the context do not reach into partial views.
        var http = ViewContext.HttpContext;
        var outer = http.Items[typeof(LiveTagHelper)] as List<string>;
        var nested = new List<string>();
        http.Items[typeof(LiveTagHelper)] = nested;
        var content = (await output.GetChildContentAsync()).GetContent();
        http.Items[typeof(LiveTagHelper)] = outer;
        var hash = Hash(output, content, nested);
        output.Attributes.SetAttribute(AttributeName, hash);
        var known = http.Request.Headers["X-Live"].ToString().Contains(hash, StringComparison.Ordinal);
        var sent = known ? "" : content;
        output.Content.SetHtmlContent(sent);
        outer?.Add(sent);
    }

    /// <summary>The same whether nested parts are sent or not: their own hashes stand for them.</summary>
    private static string Hash(TagHelperOutput output, string content, List<string> nested)
    {
        var hash = new XxHash3();
        foreach (var attribute in output.Attributes)
        {
            Append($"{attribute.Name}={attribute.Value}\n");
        }

        var rest = content.AsSpan();
        foreach (var part in nested)
        {
            var start = rest.IndexOf(part, StringComparison.Ordinal);
            Append(rest[..start].ToString());
            rest = rest[(start + part.Length)..];
        }

        Append(rest.ToString());
        return Base64Url.EncodeToString(hash.GetCurrentHash().AsSpan(0, HashBytes));

        // Antiforgery tokens differ in each response, and are valid all the same.
        void Append(string text) => hash.Append(MemoryMarshal.AsBytes(Antiforgery().Replace(text, "").AsSpan()));
    }

    [GeneratedRegex("""<input name="antiforgery"[^>]*>""", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Antiforgery();
}
