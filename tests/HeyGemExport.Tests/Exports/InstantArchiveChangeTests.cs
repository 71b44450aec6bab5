using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Tests.Library;

namespace HeyGemExport.Tests.Exports;

/// <summary>Videos that change while an archive is read from them.</summary>
public sealed class InstantArchiveChangeTests : InstantTest
{
    private const int RoundsAtOnce = 40;

    private static readonly string[] Changes = ["truncated", "appended", "replaced", "deleted", "one byte, times restored"];

    [LinuxTheory]
    [InlineData("truncated")]
    [InlineData("appended")]
    [InlineData("replaced")]
    [InlineData("deleted")]
    [InlineData("one byte, times restored")]
    public async Task A_video_that_changed_ends_the_export_and_is_named(string change)
    {
        await AddKnownAsync(("a.mp4", 100_000), ("b.mp4", 100_000));
        using var client = App.CreateClient();
        var id = await RequestAsync(client, new { all = true }, Instant());
        await EndOfSumAsync(client, id);
        SourceChange.Apply(Path.Combine(App.Outputs, "b.mp4"), change);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetByteArrayAsync($"/exports/{id}/download"));

        await Eventually.HoldsAsync(async () => (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).State() == "failed");
        var error = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/exports/{id}")).GetProperty("error");
        Assert.Equal(change is "deleted" ? "source-vanished" : "source-changed", error.GetProperty("code").GetString());
        Assert.Equal("b.mp4", Assert.Single(error.GetProperty("files").EnumerateArray()).GetProperty("path").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await client.GetAsync($"/exports/{id}/download")).StatusCode);
        Assert.Contains("export-failed", await client.ActionsAsync());
    }

    [LinuxFact]
    public async Task No_client_gets_a_complete_response_with_other_bytes() => await ChangeAtRandomMomentsAsync(rounds: 40);

    [OnDemandFact("HEYGEM_INSTANT_ROUNDS")]
    public async Task No_client_gets_a_complete_response_with_other_bytes_for_as_long_as_asked() => await ChangeAtRandomMomentsAsync(
        int.Parse(Environment.GetEnvironmentVariable("HEYGEM_INSTANT_ROUNDS")!, System.Globalization.CultureInfo.InvariantCulture));

    private async Task ChangeAtRandomMomentsAsync(int rounds)
    {
        using var client = App.CreateClient();
        var random = new Random(7);
        for (var first = 0; first < rounds; first += RoundsAtOnce)
        {
            string[] names = [.. Enumerable.Range(0, Math.Min(RoundsAtOnce, rounds - first) * 3).Select(index => $"{first}/{index}.mp4")];
            var clips = await AddKnownAsync([.. names.Select((name, index) => (name, 8_000_000 + index))]);
            var exports = new List<(string[] Names, string Id)>();
            foreach (var three in names.Chunk(3))
            {
                exports.Add((three, await RequestAsync(client, new { paths = three }, Instant())));
            }

            foreach (var (round, (three, id)) in exports.Index())
            {
                await EndOfSumAsync(client, id);
                var change = Changes[round % Changes.Length];
                await ChangeDuringDownloadAsync(client, id, three, clips, change, random.Next(24_000_000), random.Next(3));
            }

            Directory.Delete(Path.Combine(App.Outputs, $"{first}"), recursive: true);
        }
    }

    private async Task ChangeDuringDownloadAsync(
        HttpClient client, string id, string[] names, Dictionary<string, byte[]> clips, string change, int changeAfter, int changed)
    {
        var isChanged = false;
        using var got = new MemoryStream();
        var complete = true;
        try
        {
            using var response = await client.GetAsync($"/exports/{id}/download", HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[50_000];
            while (await body.ReadAsync(buffer) is var count && count > 0)
            {
                got.Write(buffer, 0, count);
                if (!isChanged && got.Length >= changeAfter)
                {
                    SourceChange.Apply(Path.Combine(App.Outputs, names[changed]), change);
                    isChanged = true;
                }
            }

            complete = response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            complete = false;
        }

        Assert.True(isChanged);
        if (complete)
        {
            // It was all on its way before the change.
            Assert.Equal(names.ToDictionary(name => name, name => clips[name], StringComparer.Ordinal), Entries(got.ToArray()));
        }
    }
}
