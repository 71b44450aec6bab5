using System.Net.Http.Json;
using System.Text.Json;
using HeyGemExport.Api;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace HeyGemExport.Tests.Api;

/// <summary>The examples of the OpenAPI document.</summary>
public sealed class ApiExamplesTests : IAsyncLifetime
{
    private readonly HeldApp app = new();
    private JsonElement document;

    public async Task InitializeAsync()
    {
        using var client = app.CreateClient();
        document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
    }

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public void Every_json_body_and_every_answer_has_one()
    {
        var without = new List<string>();
        foreach (var (name, operation) in Operations())
        {
            if (operation.TryGetProperty("requestBody", out var body) && !HasExample(body))
            {
                without.Add($"{name} body");
            }

            foreach (var answer in operation.GetProperty("responses").EnumerateObject())
            {
                if (!answer.Name.StartsWith('5') && !HasExample(answer.Value))
                {
                    without.Add($"{name} {answer.Name}");
                }
            }
        }

        // Everything about ops is on the page of ops.
        Assert.Equal(["GetOps 200"], without);
    }

    [Fact]
    public void They_have_what_their_schemas_have()
    {
        var wrong = new List<string>();
        foreach (var (name, operation) in Operations())
        {
            var contents = operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Value)
                .Concat(operation.TryGetProperty("requestBody", out var body) ? [body] : []);
            foreach (var media in contents.SelectMany(Media).Where(media => media.Value.TryGetProperty("example", out _)))
            {
                var isProblem = media.Name is "application/problem+json";
                Compare(name, media.Value.GetProperty("example"), media.Value.GetProperty("schema"), isProblem, wrong);
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Bodies_are_read_as_they_stand()
    {
        var bodies = 0;
        foreach (var endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints)
        {
            if (endpoint.Metadata.GetMetadata<ApiExample>() is { Request: { } request }
                && endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type)
            {
                var text = JsonSerializer.Serialize(request, ApiJson.Options);
                Assert.NotNull(JsonSerializer.Deserialize(text, type, ApiJson.Options));
                bodies++;
            }
        }

        Assert.Equal(8, bodies);
    }

    private static bool HasExample(JsonElement part) => Media(part).All(
        media => !media.Name.EndsWith("json", StringComparison.Ordinal) || media.Value.TryGetProperty("example", out _));

    private static IEnumerable<JsonProperty> Media(JsonElement part) =>
        part.TryGetProperty("content", out var content) ? content.EnumerateObject() : [];

    private IEnumerable<(string Name, JsonElement Operation)> Operations() =>
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => (operation.Value.GetProperty("operationId").GetString()!, operation.Value));

    private void Compare(string place, JsonElement example, JsonElement schema, bool isOpen, List<string> wrong)
    {
        var known = Resolve(schema);
        switch (example.ValueKind)
        {
            case JsonValueKind.Object when known.TryGetProperty("properties", out var properties):
                foreach (var member in example.EnumerateObject())
                {
                    if (properties.TryGetProperty(member.Name, out var own))
                    {
                        Compare($"{place}.{member.Name}", member.Value, own, isOpen, wrong);
                    }
                    else if (!isOpen)
                    {
                        wrong.Add($"{place}.{member.Name} is not in the schema");
                    }
                }

                break;
            case JsonValueKind.Array when known.TryGetProperty("items", out var items):
                foreach (var item in example.EnumerateArray())
                {
                    Compare(place + "[]", item, items, isOpen, wrong);
                }

                break;
        }
    }

    /// <summary>What a reference, or the one of several that is not null, leads to.</summary>
    private JsonElement Resolve(JsonElement schema)
    {
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            return Resolve(choices.EnumerateArray().Last());
        }

        return schema.TryGetProperty("$ref", out var reference)
            ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;
    }
}
