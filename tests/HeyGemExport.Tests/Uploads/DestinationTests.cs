using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Uploads;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Tests.Uploads;

/// <summary>How destinations are tried.</summary>
[Collection(SwiftCollection.Name)]
public sealed class DestinationTests(SwiftServer server) : UploadTest(server)
{
    [SwiftFact]
    public async Task A_test_writes_reads_and_removes_an_object()
    {
        using var client = App.CreateClient();

        var answer = await TestAsync(client, "store");

        Assert.True(answer.GetProperty("ok").GetBoolean(), answer.ToString());
        Assert.Equal(["PUT", "HEAD", "GET", "DELETE"], Proxy.Requests.Select(request => request.Split(' ')[0]));
        Assert.Empty(await Bucket.KeysAsync());
        Assert.Equal(["destination-tested"], await client.ActionsAsync());
    }

    [SwiftFact]
    public async Task A_test_says_what_is_wrong()
    {
        File.WriteAllText(Folder["secret"], "wrong\n");
        Configured(
            new ExportApp(Folder),
            [
                .. Settings().Where(setting => setting.Key.Contains(":store:", StringComparison.Ordinal)).SelectMany(setting => new[]
                {
                    (setting.Key.Replace(":store:", ":no-bucket:", StringComparison.Ordinal),
                        setting.Key.EndsWith(":Bucket", StringComparison.Ordinal) ? "no-such-bucket" : setting.Value),
                    (setting.Key.Replace(":store:", ":no-key:", StringComparison.Ordinal),
                        setting.Key.EndsWith(":SecretAccessKey", StringComparison.Ordinal) ? null : setting.Value),
                    (setting.Key.Replace(":store:", ":nobody:", StringComparison.Ordinal),
                        setting.Key.EndsWith(":Endpoint", StringComparison.Ordinal) ? "http://127.0.0.1:1" : setting.Value),
                }),
                ("Delivery:Destinations:no-key:SecretAccessKeyFile", Folder["secret"]),
            ]);
        using var client = App.CreateClient();

        foreach (
            var (name, code) in new[] { ("no-bucket", "store-no-bucket"), ("no-key", "store-credentials"),
            ("nobody", "store-unreachable") })
        {
            var answer = await TestAsync(client, name);
            Assert.False(answer.GetProperty("ok").GetBoolean());
            Assert.Equal(code, answer.GetProperty("error").GetProperty("code").GetString());
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/api/v1/destinations/other/test", content: null)).StatusCode);
    }

    private static async Task<JsonElement> TestAsync(HttpClient client, string name) =>
        await (await client.PostAsync($"/api/v1/destinations/{name}/test", content: null)).Content.ReadFromJsonAsync<JsonElement>();
}

/// <summary>How destinations are configured.</summary>
public sealed class ObjectStorageOptionsTests
{
    [Fact]
    public void Every_wrong_setting_is_named_at_once_and_no_secret()
    {
        using var app = new ExportApp();
        foreach (var (key, value) in new[]
        {
            ("Workers", "0"), ("GiveUpAfterSeconds", "0"),
            ("Destinations:bad name:Bucket", "Not A Bucket"), ("Destinations:bad name:Endpoint", "ftp://x/y"),
            ("Destinations:bad name:Region", "?"),
            ("Destinations:bad name:Prefix", "/a"), ("Destinations:bad name:PartBytes", "1"), ("Destinations:bad name:PartsAtOnce", "0"),
            ("Destinations:bad name:AccessKeyId", "id-to-hide"), ("Destinations:bad name:AccessKeyIdFile", "/x"),
            ("Destinations:bad name:SecretAccessKeyFile", "/no/such/file"),
            ("Destinations:empty:Bucket", "bucket"),
        })
        {
            app.Settings["Delivery:" + key] = value;
        }

        var failures = Assert.Throws<OptionsValidationException>(() => app.Services).Failures.ToList();

        foreach (var start in new[]
        {
            "Delivery:Workers must", "Delivery:GiveUpAfterSeconds must", "Delivery:Destinations:bad name: a destination's name must",
            "Delivery:Destinations:bad name:Bucket must",
            "Delivery:Destinations:bad name:Endpoint must", "Delivery:Destinations:bad name:Region must",
            "Delivery:Destinations:bad name:Prefix must", "Delivery:Destinations:bad name:PartBytes must",
            "Delivery:Destinations:bad name:PartsAtOnce must", "Delivery:Destinations:bad name:AccessKeyId and",
            "Delivery:Destinations:bad name:SecretAccessKeyFile must",
            "Delivery:Destinations:empty:AccessKeyId must", "Delivery:Destinations:empty:SecretAccessKey must",
        })
        {
            Assert.Single(failures, failure => failure.StartsWith(start, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(failures, failure => failure.Contains("id-to-hide", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1L << 20, 1)]
    [InlineData(16L << 20, 1)]
    [InlineData((16L << 20) + 1, 2)]
    [InlineData(160_000L << 20, 10_000)]
    [InlineData(5L << 40, 9_987)]
    public void An_object_never_has_more_than_ten_thousand_parts(long bytes, int parts)
    {
        var plan = HeyGemExport.Uploads.Sending.PartPlan.For(bytes, new DestinationOptions().PartBytes);

        Assert.Equal(parts, plan.Count);
        Assert.Equal(bytes, Enumerable.Range(1, plan.Count).Sum(number => (long)plan.LengthOf(number)));
    }
}
