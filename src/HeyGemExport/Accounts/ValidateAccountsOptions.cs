using System.Globalization;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Accounts;

/// <summary>Names what is wrong with <c>Accounts</c> and <c>Http</c> at once, at start.</summary>
internal sealed class ValidateAccountsOptions(IConfiguration configuration) : IValidateOptions<AccountsOptions>
{
    private const double MostSessionHours = 720;

    public ValidateOptionsResult Validate(string? name, AccountsOptions options)
    {
        var mode = ActiveMode.Choose(options.Mode, configuration);
        List<string> errors = [.. ModeErrors(options, mode), .. ListErrors("Accounts:Proxy:TrustedAddresses", options.Proxy.TrustedAddresses), .. ListErrors("Http:TrustedProxies", configuration["Http:TrustedProxies"])];
        if (configuration["Http:PublicUrl"] is { Length: > 0 } address && !(Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.Fragment.Length == 0))
        {
            errors.Add($"Http:PublicUrl must be an address such as https://videos.example.com, or empty; it is {address}.");
        }

        if (options.SessionHours is not (> 0 and <= MostSessionHours))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"Accounts:SessionHours must be above 0 and at most {MostSessionHours}; it is {options.SessionHours}."));
        }

        if (mode == AccountsMode.Proxy)
        {
            errors.AddRange(ProxyErrors(options.Proxy));
        }

        // The switch makes the framework believe these headers from anybody: identity, limits and audit could be forged.
        if (bool.TryParse(configuration["ForwardedHeaders_Enabled"], out var believesAll) && believesAll)
        {
            errors.Add("ASPNETCORE_FORWARDEDHEADERS_ENABLED believes forwarded headers from anybody; leave it out and name the proxy in Http:TrustedProxies.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private IEnumerable<string> ModeErrors(AccountsOptions options, AccountsMode? mode)
    {
        if (mode is null)
        {
            yield return $"Accounts:Mode must be open, accounts or proxy, or empty; it is {options.Mode}.";
        }

        if (mode == AccountsMode.Open && !options.AllowOpenOnNetwork && ListeningAddresses.Configured(configuration).Where(address => !ListeningAddresses.IsLoopback(address)).ToList() is { Count: > 0 } network)
        {
            yield return $"Accounts:Mode must not be open on {string.Join(", ", network)}, where others reach it: leave it empty for accounts, listen on 127.0.0.1, or set Accounts:AllowOpenOnNetwork=true.";
        }
    }

    private static IEnumerable<string> ListErrors(string key, string? list)
    {
        return TrustedAddresses.Parse(list).Invalid.Select(part => $"{key} must have addresses or networks, such as 127.0.0.1 or 10.0.0.0/8; {part} is neither.");
    }

    private static IEnumerable<string> ProxyErrors(AccountsOptions.ProxyOptions proxy)
    {
        if (string.IsNullOrWhiteSpace(proxy.TrustedAddresses))
        {
            yield return "Accounts:Proxy:TrustedAddresses must name the proxy's address when Accounts:Mode is proxy.";
        }

        if (!IsHeader(proxy.UserHeader))
        {
            yield return $"Accounts:Proxy:UserHeader must be the name of a header; it is {proxy.UserHeader}.";
        }

        if (proxy.RolesHeader.Length > 0 && !IsHeader(proxy.RolesHeader))
        {
            yield return $"Accounts:Proxy:RolesHeader must be the name of a header, or empty; it is {proxy.RolesHeader}.";
        }

        if (!Roles.Exists(proxy.DefaultRole))
        {
            yield return $"Accounts:Proxy:DefaultRole must be viewer, operator or admin; it is {proxy.DefaultRole}.";
        }
    }

    private static bool IsHeader(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
