using System.Net;

namespace HeyGemExport.Tests.Jobs;

/// <summary>Uses Hangfire's dashboard as a browser does.</summary>
internal static class DashboardClient
{
    /// <summary>Presses a button on a job's page, with the token of that page.</summary>
    public static async Task PressAsync(
        this HttpClient client, string command, string job, HttpStatusCode expected = HttpStatusCode.NoContent)
    {
        var page = await client.GetStringAsync($"/hangfire/jobs/details/{job}");
        const string Before = "<meta name=\"csrf-token\" content=\"";
        var token = page[(page.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..];
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hangfire/jobs/actions/{command}/{job}");
        request.Headers.Add("RequestVerificationToken", token[..token.IndexOf('"', StringComparison.Ordinal)]);
        Assert.Equal(expected, (await client.SendAsync(request)).StatusCode);
    }
}
