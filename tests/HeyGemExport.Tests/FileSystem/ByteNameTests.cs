using System.Text;
using HeyGemExport.FileSystem;

namespace HeyGemExport.Tests.FileSystem;

public class ByteNameTests
{
    // Names as text in which a character up to U+00FF is a byte.
    [Theory]
    [InlineData("a.mp4", "a.mp4")]
    [InlineData("\u00E4\u00BD\u00A0.mp4", "你.mp4")]
    [InlineData("\u00CA\u00D3.mp4", "\uFFFDCA\uFFFDD3.mp4")]
    [InlineData("\u00FFAB", "\uFFFDFFAB")]
    [InlineData("\u00E4\u00BD", "\uFFFDE4\uFFFDBD")]
    [InlineData("\u00C0\u00AF\u00C1\u009C", "\uFFFDC0\uFFFDAF\uFFFDC1\uFFFD9C")]
    [InlineData("\u00ED\u00A0\u0080", "\uFFFDED\uFFFDA0\uFFFD80")]
    [InlineData("\u00EF\u00BF\u00BD", "\uFFFD")]
    [InlineData("\u00EF\u00BF\u00BD.mp4", "\uFFFD.mp4")]
    [InlineData("\u00EF\u00BF\u00BDCA.mp4", "\uFFFDEF\uFFFDBF\uFFFDBDCA.mp4")]
    [InlineData("\u00EF\u00BF\u00BD\u00CA", "\uFFFD\uFFFDCA")]
    [InlineData("\u00EF\u00BF\u00BD2F", "\uFFFD2F")]
    [InlineData("\u00EF\u00BF\u00BDca", "\uFFFDca")]
    public void A_name_has_a_text_that_leads_back_to_it(string bytes, string text)
    {
        var name = Encoding.Latin1.GetBytes(bytes);

        Assert.Equal(text, ByteName.ToText(name));
        Assert.Equal(name, ByteName.ToBytes(text));
    }

    [Theory]
    [InlineData("\uFFFDE4\uFFFDBD\uFFFDA0.mp4")]
    [InlineData("\uFFFDC3\uFFFDA9")]
    [InlineData("\uFFFDEF\uFFFDBF\uFFFDBD.mp4")]
    public void There_is_no_second_text_for_a_name(string text) => Assert.Null(ByteName.ToBytes(text));

    // Not as InlineData: half a surrogate pair does not survive being stored as UTF-8.
    [Fact]
    public void Half_a_surrogate_pair_names_nothing()
    {
        Assert.Null(ByteName.ToBytes("a\ud83d.mp4"));
        Assert.Null(ByteName.ToBytes("\ude00"));
    }

    [Theory]
    [InlineData("\uFFFD2F")]
    [InlineData("\uFFFD2E\uFFFD2E")]
    [InlineData("\uFFFD00")]
    [InlineData("\uFFFD5C")]
    [InlineData("\uFFFD7F")]
    [InlineData("\uFFFD0A")]
    public void No_text_stands_for_a_byte_below_80(string text) => Assert.Equal(Encoding.UTF8.GetBytes(text), ByteName.ToBytes(text));

    [Fact]
    public void Any_bytes_come_back_and_no_two_names_read_alike()
    {
        byte[][] parts =
        [
            [0xEF, 0xBF, 0xBD], [0xEF], [0xBF], [0xBD], [0xFF], [0x80], [0xC3], [0xA9], [0xE4, 0xBD, 0xA0], [0xF0, 0x9F, 0x98, 0x80], [0xED,
                0xA0],
            "EF"u8.ToArray(), "BF"u8.ToArray(), "BD"u8.ToArray(), "8"u8.ToArray(), "A"u8.ToArray(), "f"u8.ToArray(),
            "."u8.ToArray(), "2F"u8.ToArray(),
        ];
        Dictionary<string, string> names = new(StringComparer.Ordinal);
#pragma warning disable CA5394 // Names for tests, the same each time.
        var random = new Random(3);
        for (var round = 0; round < 100_000; round++)
        {
            byte[] name = [.. Enumerable.Range(0, random.Next(1, 9)).SelectMany(_ => parts[random.Next(parts.Length)])];
            var text = ByteName.ToText(name);

            Assert.Equal(name, ByteName.ToBytes(text));
            Assert.Equal(Convert.ToHexString(name), names.TryAdd(text, Convert.ToHexString(name))
                ? Convert.ToHexString(name) : names[text]);
        }
#pragma warning restore CA5394
    }

    [Fact]
    public void Any_text_is_the_text_of_what_it_stands_for_or_of_nothing()
    {
        string[] parts = ["\uFFFD", "EF", "BF", "BD", "C3", "A9", "8", "F", "c3", "2F", "/", "..", ".", "你", "\ud83d", "\ude00", "\0"];
#pragma warning disable CA5394 // Names for tests, the same each time.
        var random = new Random(4);
        for (var round = 0; round < 100_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
            if (ByteName.ToBytes(text) is { } name)
            {
                Assert.Equal(text, ByteName.ToText(name));
                Assert.Equal(text.Count(letter => letter is '/' or '.' or '\0'), name.Count(value => value is (byte)'/' or (byte)'.' or 0));
            }
        }
#pragma warning restore CA5394
    }
}
