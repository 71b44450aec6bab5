using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace HeyGemExport.Pages;

[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
[IgnoreAntiforgeryToken]
[AllowAnonymous]
internal sealed class ErrorModel : PageModel
{
    public int Code { get; private set; }

    public string Kind => Code switch
    {
        401 => "401",
        403 => "403",
        404 or 410 => "404",
        < 500 => "400",
        503 => "503",
        _ => "500",
    };

    /// <summary>What ops finds this request by in the run log.</summary>
    public string Trace => HttpContext.TraceIdentifier;

    public void OnGet(int code)
    {
        // Of an exception the path always says 500, and the response what it means.
        var status = HttpContext.Features.Get<IExceptionHandlerFeature>() is null ? code : Response.StatusCode;
        Response.StatusCode = Code = status is >= 400 and <= 599 ? status : 404;
    }

    /// <summary>The page is executed again with the method of the failed request.</summary>
    public void OnPost(int code) => OnGet(code);
}
