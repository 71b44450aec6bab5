using System.Text.Json;
using System.Text.Json.Nodes;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace HeyGemExport.Api;

/// <summary>What a call sends and what it is answered, in the OpenAPI document.</summary>
/// <param name="Request">As the body of the call is written, without what may be left out; null for a call without a body.</param>
/// <param name="Response">The answer where the call succeeds; null for one without JSON.</param>
internal sealed record ApiExample(object? Request, object? Response)
{
    /// <summary>Codes of the problems of some statuses; other statuses have <see cref="ApiProblem"/>'s usual ones.</summary>
    public IReadOnlyDictionary<int, string> Codes { get; init; } = new Dictionary<int, string>();
}

internal static class ApiExamples
{
    private const string Security = "key";

    /// <param name="codes">Statuses of problems with their codes.</param>
    public static RouteHandlerBuilder WithExample(
        this RouteHandlerBuilder route, object? response = null, object? request = null, params (int Status, string Code)[] codes) =>
        route.WithMetadata(new ApiExample(request, response)
        {
            Codes = codes.ToDictionary(code => code.Status, code => code.Code),
        });

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "HeyGem Export",
                Version = AppVersion.Current,
                Description = "Lists finished videos, packs them into one verified ZIP, and hands it over. Sizes are bytes, times are "
                    + "ISO 8601 with offset. Errors are application/problem+json (RFC 9457) with a stable code. Whatever answers GET "
                    + "answers HEAD.",
            };

            // It would double the document, under the ids of the others.
            foreach (var path in document.Paths.Values)
            {
                path.Operations?.Remove(HttpMethod.Head);
            }

            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Security] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "An API key (hgx_…). Without accounts none is needed.",
                },
            };
            document.Security = [new() { [new(Security, document)] = [] }, new()];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var example = context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiExample>().LastOrDefault();
            if (example?.Request is { } request && JsonOf(operation.RequestBody?.Content) is { } body)
            {
                body.Example = Node(request);
            }

            foreach (var (key, response) in operation.Responses ?? [])
            {
                var status = int.TryParse(key, CultureInfo.InvariantCulture, out var number) ? number : 0;
                if (response.Content?.TryGetValue("application/problem+json", out var problem) == true)
                {
                    problem.Example = Problem(status, example);
                }
                else if (status < 300 && example?.Response is { } answer && JsonOf(response.Content) is { } content)
                {
                    content.Example = Node(answer);
                }
            }

            return Task.CompletedTask;
        });
    }

    private static OpenApiMediaType? JsonOf(IDictionary<string, OpenApiMediaType>? content) =>
        content?.TryGetValue("application/json", out var json) == true ? json : null;

    private static JsonNode? Node(object value) => JsonSerializer.SerializeToNode(value, ApiJson.Options);

    private static JsonObject Problem(int status, ApiExample? example)
    {
        var title = ReasonPhrases.GetReasonPhrase(status);
        var code = example?.Codes.GetValueOrDefault(status) ?? ApiRegistration.CodeOf(status);
        return new()
        {
            ["type"] = "about:blank",
            ["title"] = title,
            ["status"] = status,
            ["code"] = code,
            ["traceId"] = "0HNL5C2Q1V3G7:00000004",
        };
    }
}
