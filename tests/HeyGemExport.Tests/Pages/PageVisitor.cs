using System.Net;
using System.Net.Http.Headers;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using HeyGemExport.Library;

namespace HeyGemExport.Tests.Pages;

/// <summary>A person whose browser runs no scripts: keeps cookies, follows redirects, sends forms.</summary>
internal sealed class PageVisitor : IDisposable
{
    private readonly HttpClient client;

    private PageVisitor(string language, params Uri[] nodes)
    {
        client = new HttpClient(new RoundRobin(nodes, Cookies)) { BaseAddress = nodes[0] };
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        client.DefaultRequestHeaders.Add("Accept-Language", language);
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>What every request of the visitor has.</summary>
    public HttpRequestHeaders Headers => client.DefaultRequestHeaders;

    /// <summary>The answer to the last request.</summary>
    public HttpResponseMessage Answer { get; private set; } = null!;

    /// <summary>Visits a host whose library has been scanned.</summary>
    public static async Task<PageVisitor> OfAsync(ExportApp app, string language = "zh-CN")
    {
        using var starter = app.CreateClient();
        await app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        return new(language, starter.BaseAddress!);
    }

    /// <summary>Visits a host without waiting for its library.</summary>
    public static PageVisitor Of(Uri address, string language = "en") => new(language, address);

    /// <summary>Visits several hosts by turns.</summary>
    public static PageVisitor Of(params ExportApp[] apps)
    {
        Array.ForEach(apps, app => app.StartServer());
        return new("en", [.. apps.Select(app => app.ClientOptions.BaseAddress)]);
    }

    /// <summary>Asks as a script of the person's page would, with the same cookies.</summary>
    public async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await AskAsync(request);
    }

    /// <inheritdoc cref="AskAsync(HttpMethod, string, HttpContent)"/>
    public Task<HttpResponseMessage> AskAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("application/json");
        return client.SendAsync(request);
    }

    public Task<IDocument> OpenAsync(string path) => ReadAsync(client.GetAsync(path));

    /// <summary>Sends a form as its page holds it, with the picks made and the button pressed.</summary>
    public Task<IDocument> SendAsync(IDocument page, string form, params (string Name, string Value)[] picks)
    {
        var element = Assert.IsAssignableFrom<IHtmlFormElement>(page.QuerySelector(form));
        var fields = element.QuerySelectorAll<IHtmlInputElement>("input")
            .Where(input => input.Type is "hidden" || input.IsChecked)
            .Select(input => KeyValuePair.Create(input.Name!, input.Value))
            .Concat(picks.Select(pick => KeyValuePair.Create(pick.Name, pick.Value)));
        return ReadAsync(client.PostAsync(element.GetAttribute("action") ?? page.Url, new FormUrlEncodedContent(fields)));
    }

    public Task<IDocument> PostAsync(string path, params (string Name, string Value)[] fields) =>
        ReadAsync(client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)))));

    public void Dispose()
    {
        Answer?.Dispose();
        client.Dispose();
    }

    private async Task<IDocument> ReadAsync(Task<HttpResponseMessage> request)
    {
        Answer = await request;
        var html = await Answer.Content.ReadAsStringAsync();
        return await BrowsingContext.New(Configuration.Default).OpenAsync(
            response => response.Content(html).Address(Answer.RequestMessage!.RequestUri!.ToString()));
    }
}
