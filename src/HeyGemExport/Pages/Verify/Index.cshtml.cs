namespace HeyGemExport.Pages.Verify;

/// <summary>Where a recipient checks the files; the browser does all of it, and the server learns nothing.</summary>
[AllowAnonymous]
internal sealed class IndexModel : PageModel
{
    /// <summary>For Windows PowerShell 5.1, which has no such command. Lines with escapes are for names that Windows cannot have.</summary>
    public const string PowerShell = """
        Get-Content SHA256SUMS -Encoding UTF8 | ForEach-Object {
          $hash, $name = $_ -split '  ', 2
          $ok = (Get-FileHash -LiteralPath $name -Algorithm SHA256).Hash -eq $hash
          "{0}  {1}" -f $(if ($ok) { 'OK    ' } else { 'FAILED' }), $name
        }
        """;

    public const string ArchiveHash = """
        sha256sum *.zip
        shasum -a 256 *.zip
        Get-FileHash *.zip -Algorithm SHA256
        """;
}
