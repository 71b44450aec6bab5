using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HeyGemExport.Pages;

/// <summary>What went wrong with a request, and what to do.</summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
[IgnoreAntiforgeryToken]
[AllowAnonymous]
internal sealed class ErrorModel : PageModel
{
    /// <summary>The HTTP status.</summary>
    public int Code { get; private set; }

    /// <summary>Which text explains it: 400, 401, 403, 404 or 500.</summary>
    public string Kind { get; private set; } = "500";

    /// <summary>What ops finds this request by in the run log.</summary>
    public string Trace => HttpContext.TraceIdentifier;

    /// <summary>Explains a status.</summary>
    public void OnGet(int code) => Explain(code);

    /// <summary>Explains the status of a failed form.</summary>
    public void OnPost(int code) => Explain(code);

    private void Explain(int code)
    {
        Code = code is >= 400 and <= 599 ? code : 404;
        Kind = Code switch
        {
            401 => "401",
            403 => "403",
            404 or 410 => "404",
            < 500 => "400",
            _ => "500",
        };
        Response.StatusCode = Code;
    }
}
