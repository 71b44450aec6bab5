using System.Net;

namespace HeyGemExport.Testing;

/// <summary>Keeps cookies, follows redirects, and gives each request to the next of several nodes, as a load balancer in front of them
/// does.</summary>
public sealed class RoundRobin(Uri[] nodes, CookieContainer cookies)
    : DelegatingHandler(new HttpClientHandler { CookieContainer = cookies })
{
    private int requests = -1;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var node = nodes[Interlocked.Increment(ref requests) % nodes.Length];
        request.RequestUri = new UriBuilder(request.RequestUri!) { Host = node.Host, Port = node.Port }.Uri;
        return base.SendAsync(request, cancellationToken);
    }
}
