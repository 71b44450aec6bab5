namespace HeyGemExport.BrowserTests;

public sealed class ChromiumTests
{
    [Fact]
    public void Is_there_when_nothing_may_be_skipped() =>
        Assert.False(Chromium.IsRequired && Chromium.Executable is null, "CI=true, and Chromium is not installed: apt install chromium, or name it in CHROMIUM.");
}
