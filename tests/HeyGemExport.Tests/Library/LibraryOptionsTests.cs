using System.Globalization;
using HeyGemExport.FileSystem;
using HeyGemExport.Library;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Tests.Library;

public class LibraryOptionsTests
{
    [Fact]
    public async Task Names_every_wrong_key_at_once_when_the_app_starts()
    {
        using var bed = new LibraryBed(
            ("Library:OutputsPath", " "),
            ("Library:Extensions", "mp4 .m/4 ."),
            ("Library:SettleSeconds", "-1"),
            ("Library:IgnoredFolders", "a/b, *"),
            ("Library:Watch", "sometimes"));

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => bed.Host.StartAsync());

        Assert.Equal(8, exception.Failures.Count());
        string[] keys =
        [
            "Library:OutputsPath must", "'mp4' is not", "'.m/4' is not", "'.' is not", "'a/b' is not", "'*' is not",
            "Library:SettleSeconds must be between 0 and 86400", "Library:Watch must be auto, events or polling",
        ];
        foreach (var key in keys)
        {
            Assert.Contains(key, exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("86401")]
    public async Task Refuses_a_settle_time_out_of_range(string seconds)
    {
        using var bed = new LibraryBed(("Library:SettleSeconds", seconds));

        await Assert.ThrowsAsync<OptionsValidationException>(() => bed.Host.StartAsync());
    }

    [Theory]
    [InlineData(".mp4, .MKV;.mov", "a.MP4", true)]
    [InlineData(".mp4, .MKV;.mov", "a.mkv", true)]
    [InlineData(".mp4, .MKV;.mov", "a.avi", false)]
    public void Takes_extensions_with_any_separator(string extensions, string name, bool matches)
    {
        using var bed = new LibraryBed(("Library:Extensions", extensions));

        Assert.Equal(matches, bed.Host.Services.GetRequiredService<VideoExtensions>().Match(name));
    }

    [Fact]
    public void Takes_extensions_as_an_array()
    {
        using var bed = new LibraryBed(("Library:Extensions:0", ".webm"), ("Library:Extensions:1", ".avi"));
        var extensions = bed.Host.Services.GetRequiredService<VideoExtensions>();

        Assert.True(extensions.Match("a.webm"));
        Assert.True(extensions.Match("a.avi"));
        Assert.False(extensions.Match("a.mp4"));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Every_fault_has_a_text_in_each_language(string culture)
    {
        using var bed = new LibraryBed();
        var texts = bed.Host.Services.GetRequiredService<IStringLocalizer<LibraryTexts>>();
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            foreach (var code in VideoFaults.Codes)
            {
                var text = texts[$"VideoFault.{code}"];
                Assert.False(text.ResourceNotFound, code);
                Assert.Equal(culture is "zh-CN", text.Value.Any(character => character is >= '一' and <= '鿿'));
            }

            Assert.Contains("5.2 MB", texts.Describe(new VideoFault("cut-short", 5_200_000L, 4_000_000L)), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    [Theory]
    [InlineData("/data/outputs", false)]
    [InlineData("/mnt/nas/outputs", true)]
    [InlineData("/mnt/nas2/outputs", false)]
    [InlineData("/mnt/with space/outputs", true)]
    [InlineData("/home/me/sshfs/x", true)]
    [InlineData("/home/me", true)]
    [InlineData("/data", false)]
    [InlineData("/over/x", false)]
    public void Polls_where_the_file_system_sends_no_events(string folder, bool polls)
    {
        string[] table =
        [
            "22 1 0:21 / / rw,relatime - overlay overlay rw,lowerdir=/a",
            "30 22 8:1 / /data rw,relatime shared:1 - ext4 /dev/sda1 rw",
            "31 22 0:50 / /mnt/nas rw,relatime shared:2 master:3 - nfs4 server:/x rw",
            "32 22 0:51 / /mnt/with\\040space rw - cifs //server/x rw",
            "33 22 0:52 / /home/me/sshfs rw - fuse.sshfs me@x:/ rw",
            "34 22 0:53 / /over rw - nfs server:/y rw",
            "35 34 0:54 / /over rw - tmpfs tmpfs rw",
            "nonsense",
        ];

        Assert.Equal(polls, FileSystemKind.NeedsPolling(folder, table));
    }
}
