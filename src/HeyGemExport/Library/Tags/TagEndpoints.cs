using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Library.Tags;

internal sealed record TagListResponse(IReadOnlyList<TagSummary> Items);

internal sealed record TagEditResponse(int Changed);

internal static class TagEndpoints
{
    private const string Shape = "Send { \"paths\": [..], \"batches\": [..], \"add\": [..], \"remove\": [..] }.";

    public static void Map(IEndpointRouteBuilder app)
    {
        var tags = app.MapGroup("/api/v1/tags").WithTags("Library").RequireAuthorization(Policies.Viewer);
        tags.MapGet("/", List).WithName("ListTags").WithExample(LibraryExamples.Tags)
            .WithSummary("All tags, with the videos and batches that have them.");
        tags.MapPost("/", EditAsync).WithName("ChangeTags")
            .WithExample(new TagEditResponse(1), LibraryExamples.TagRequest, (422, "not-listed"))
            .WithSummary("Adds tags to videos and batches and removes tags from them: all of it, or nothing.")
            .Accepts<TagEdit>("application/json").Produces<TagEditResponse>()
            .ProducesProblem(400).ProducesProblem(415).ProducesProblem(422);
    }

    private static Ok<TagListResponse> List(LibraryIndex library) => TypedResults.Ok(new TagListResponse(library.Current.TagSummaries));

    private static async Task<IResult> EditAsync(
        HttpContext context, TagEditor editor, IStringLocalizer<LibraryTexts> texts, CancellationToken cancellationToken)
    {
        var (edit, problem) = await JsonBody.ReadAsync<TagEdit>(context.Request, JsonSerializerOptions.Web, Shape, cancellationToken);
        if (edit is null)
        {
            return problem!;
        }

        if (Names(edit).Any(name => name is null))
        {
            return ApiProblem.BadRequest(Shape);
        }

        return await editor.EditAsync(edit, Caller.Of(context), cancellationToken) switch
        {
            TagEditResult.Done(var changed) => TypedResults.Ok(new TagEditResponse(changed)),
            TagEditResult.Refused refused => ApiProblem.Of(
                StatusCodes.Status422UnprocessableEntity,
                refused.Code,
                texts.Describe(refused),
                KeyValuePair.Create<string, object?>("names", refused.Names)),
            _ => throw new InvalidOperationException("Unknown outcome"),
        };
    }

    private static IEnumerable<string?> Names(TagEdit edit) =>
        [.. edit.Paths ?? [], .. edit.Batches ?? [], .. edit.Add ?? [], .. edit.Remove ?? []];
}
