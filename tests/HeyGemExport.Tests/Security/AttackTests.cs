using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using HeyGemExport.Accounts;
using HeyGemExport.Audit;
using HeyGemExport.Library;
using HeyGemExport.Tests.Accounts;

namespace HeyGemExport.Tests.Security;

/// <summary>Attacks that worked on comparable systems, tried on the whole app by somebody who is signed in with the least rights. What they
/// aim at is tested
/// closer in the folders of the features; logins and rights on side routes are in <c>Accounts</c>.</summary>
public sealed class AttackTests : IAsyncLifetime
{
    private readonly HeldApp app = new HeldApp().WithAccounts();
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        app.AddVideo("batch/a.mp4");
        app.Folder.Write("secret.mp4", "top secret"u8.ToArray());
        app.Folder.Write("outputs-secret/x.mp4", "top secret"u8.ToArray());
        client = await app.WithKeyAsync("attacker", "export");
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    /// <summary>copyparty CVE-2023-37474, Gradio CVE-2023-51449 and CVE-2024-1561.</summary>
    [Theory]
    [InlineData("../secret.mp4")]
    [InlineData("%2e%2e/secret.mp4")]
    [InlineData("..%2fsecret.mp4")]
    [InlineData("%2e%2e%2fsecret.mp4")]
    [InlineData("%252e%252e%252fsecret.mp4")]
    [InlineData("..%5csecret.mp4")]
    [InlineData("//secret.mp4")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("C:%5csecret.mp4")]
    [InlineData("%5c%5cserver%5cshare%5cx.mp4")]
    [InlineData("batch/../../secret.mp4")]
    [InlineData("a.mp4%00.png")]
    public async Task Path_traversal_reads_nothing_on_any_route_that_takes_a_path_or_an_id(string hostile)
    {
        foreach (var address in new[]
        {
            $"/videos/{hostile}", $"/watch/{hostile}", $"/exports/{hostile}",
            $"/exports/{hostile}/download", $"/exports/{hostile}/parts/1/download",
            $"/api/v1/exports/{hostile}", $"/api/v1/exports/{hostile}/events", $"/css/{hostile}", $"/openapi/{hostile}.json",
        })
        {
            using var answer = await client.GetAsync(Exact(address));
            Assert.InRange((int)answer.StatusCode, 400, 499);
            Assert.DoesNotContain("top secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var packed = await app.PostExportAsync(client, new { paths = new[] { Uri.UnescapeDataString(hostile) } });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, packed.StatusCode);
    }

    /// <summary>File Browser CVE-2026-35605, Gradio CVE-2024-47164.</summary>
    [Theory]
    [InlineData("/videos/../outputs-secret/x.mp4")]
    [InlineData("/videos/-secret/x.mp4")]
    [InlineData("/videos/..%2foutputs-secret%2fx.mp4")]
    public async Task A_folder_whose_name_begins_like_ours_is_not_ours(string address)
    {
        using var answer = await client.GetAsync(Exact(address));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    /// <summary>FileRise CVE-2026-55498.</summary>
    [Fact]
    public async Task Links_are_neither_listed_nor_served_nor_packed()
    {
        File.CreateSymbolicLink(Path.Combine(app.Outputs, "link.mp4"), app.Folder["secret.mp4"]);
        Directory.CreateSymbolicLink(Path.Combine(app.Outputs, "linked"), app.Folder["outputs-secret"]);
        await app.Get<LibraryIndex>().RefreshAsync(default);

        Assert.DoesNotContain("link", await client.GetStringAsync("/api/v1/videos"), StringComparison.Ordinal);
        foreach (var path in new[] { "link.mp4", "linked/x.mp4" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/videos/" + path)).StatusCode);
            Assert.Equal(
                HttpStatusCode.UnprocessableEntity, (await app.PostExportAsync(client, new { paths = new[] { path } })).StatusCode);
        }
    }

    /// <summary>Gokapi CVE-2025-48494.</summary>
    [Theory]
    [InlineData("<img src=x onerror=alert(1)>.mp4")]
    [InlineData("<script>alert(1)<")]
    public async Task Markup_in_what_people_choose_stays_text_in_every_view(string hostile)
    {
        app.AddVideo(hostile.EndsWith(".mp4", StringComparison.Ordinal) ? hostile : "x.mp4");
        await app.Get<AuditTrail>()
            .RecordAsync(
            new AuditRecord(DateTimeOffset.UnixEpoch, AuditActions.ExportReady, hostile, hostile, Outcome: hostile,
            Detail: hostile), default);
        using var boss = await app.SignInNewAsync("boss", Roles.Admin);
        await app.Get<LibraryIndex>().RefreshAsync(default);
        foreach (
            var address in new[] { "/", "/audit", "/exports", "/people", "/people/keys", "/?q=" + Uri.EscapeDataString(hostile),
            "/account/sign-in?returnUrl=" + Uri.EscapeDataString("/" + hostile) })
        {
            var page = await boss.OpenAsync(address);
            Assert.DoesNotContain("<img src=x", page.Source.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>alert", page.Source.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", boss.Answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", boss.Answer.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    /// <summary>Nextcloud CVE-2021-32679.</summary>
    [Fact]
    public async Task No_name_gets_into_a_header()
    {
        const string Hostile = "课程\r\nSet-Cookie: x=1\u202E\"';.mp4";
        app.AddVideo(Hostile);
        using var asked = await app.PostExportAsync(client, new { paths = new[] { Hostile } });
        var id = asked.Headers.Location!.OriginalString.Split('/')[^1];
        await app.RunAsync(id);

        using var video = await client.GetAsync("/videos/" + Uri.EscapeDataString(Hostile));
        using var archive = await client.GetAsync($"/exports/{id}/download");

        Assert.Equal(HttpStatusCode.OK, video.StatusCode);
        Assert.All([video, archive], answer => Assert.False(answer.Headers.Contains("Set-Cookie")));
        Assert.Equal("attachment", archive.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Matches(@"^heygem_batch_result_\d{8}_\d{4}_[a-z2-7]+\.zip$", archive.Content.Headers.ContentDisposition.FileName!);
        Assert.Matches(
            @"^课程__Set-Cookie_ x=1__';, \d{4}-\d{2}-\d{2} \d{2}\.\d{2}\.zip$", archive.Content.Headers.ContentDisposition.FileNameStar!);
    }

    /// <summary>Symfony CVE-2021-41270.</summary>
    [Theory]
    [InlineData("=cmd|'/c calc'!A1")]
    [InlineData("+1+1")]
    [InlineData("-1+1")]
    [InlineData("@SUM(1)")]
    [InlineData("\t=1")]
    [InlineData("＝1+1")]
    public async Task A_cell_of_the_audits_csv_is_never_a_formula(string formula)
    {
        using var ops = await app.WithKeyAsync("ops", "ops");
        await app.Get<AuditTrail>()
            .RecordAsync(new AuditRecord(DateTimeOffset.UnixEpoch, AuditActions.ExportReady, formula, formula, Detail: formula), default);

        var csv = await ops.GetStringAsync("/audit.csv?action=export-ready");

        Assert.DoesNotContain("," + formula, csv, StringComparison.Ordinal);
        Assert.DoesNotContain(",\"" + formula, csv, StringComparison.Ordinal);
        Assert.Contains(formula.Trim(), csv, StringComparison.Ordinal);
    }

    /// <summary>Starlette CVE-2025-62727.</summary>
    [Fact]
    public async Task Ten_thousand_ranges_are_bounded_work()
    {
        var many = "bytes="
            + string.Join(',', Enumerable.Range(0, 10_000).Select(index => index.ToString(CultureInfo.InvariantCulture) + "-"));
        foreach (var range in new[] { many, many[..20_000], "bytes=0-,0-,0-", "bytes=-0", "bytes=99999999-", "bytes=5-1" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/videos/batch/a.mp4");
            request.Headers.TryAddWithoutValidation("Range", range);
            using var answer = await client.SendAsync(request);

            Assert.Contains((int)answer.StatusCode, new[] { 200, 206, 416, 431 });
            Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length <= 64 * 1024);
        }
    }

    /// <summary>Hangfire CVE-2021-41238 and its local-only filter: nothing is granted for coming from this machine.</summary>
    [Theory]
    [InlineData("/audit")]
    [InlineData("/api/v1/audit")]
    [InlineData("/people")]
    public async Task Coming_from_this_machine_or_saying_so_grants_nothing(string address)
    {
        using var stranger = app.Pipeline();
        foreach (
            var (header, value) in new[] { ("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1"), ("Host", "localhost"),
            ("X-Forwarded-User", "admin"), ("X-Original-For", "127.0.0.1") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation(header, value);
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync(request)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(address)).StatusCode);
    }

    /// <summary>FBQ CVE-2026-27611, Nextcloud GHSA-w47p: the other spellings of a route are guarded like the route.</summary>
    [Theory]
    [InlineData("/API/V1/AUDIT")]
    [InlineData("/api/v1/audit/")]
    [InlineData("/Audit.CSV")]
    [InlineData("/PEOPLE/")]
    [InlineData("/People/Keys")]
    [InlineData("/people?handler=Add")]
    public async Task Another_spelling_of_a_route_is_guarded_like_the_route(string address)
    {
        using var stranger = app.Pipeline();

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task A_token_in_the_address_is_no_credential()
    {
        var token = client.DefaultRequestHeaders.Authorization!.Parameter;
        using var stranger = app.Pipeline();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/v1/videos?access_token=" + token)).StatusCode);

        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", token);

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/v1/videos")).StatusCode);
    }

    private Uri Exact(string address) => new(
        client.BaseAddress!.GetLeftPart(UriPartial.Authority)
            + address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
