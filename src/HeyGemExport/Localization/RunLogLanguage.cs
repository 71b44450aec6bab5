namespace HeyGemExport.Localization;

/// <summary>Chinese, in whatever language the person was answered.</summary>
internal static class RunLogLanguage
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    public static T Say<T>(Func<T> texts)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = Chinese;
        try
        {
            return texts();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
