using HeyGemExport.Accounts;
using HeyGemExport.Api;
using HeyGemExport.Exports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HeyGemExport.Notifications;

/// <summary>Notifications over HTTP, for ops: targets, delivery log, test. Nothing here tells a secret.</summary>
internal static class NotificationEndpoints
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 1000;

    public sealed record TargetResponse(string Name, string Kind, string Url, IReadOnlyList<string> Events, string Language);

    public sealed record NotificationResponse(
        string Id, string Target, string Event, string ExportId, string State, int Attempts, DateTimeOffset CreatedAt,
        DateTimeOffset? NextAttemptAt, DateTimeOffset? LastAttemptAt, int? Status, string? Fault);

    /// <summary>Targets, and one page of the delivery log.</summary>
    public sealed record NotificationsResponse(
        IReadOnlyList<TargetResponse> Targets, IReadOnlyList<NotificationResponse> Items, int Total, int Page, int PageSize);

    private static readonly NotificationsResponse Example = new(
        [new TargetResponse("render-team", "wecom", "https://qyapi.weixin.qq.com/…", ["ready", "failed"], "zh-CN")],
        [
            new NotificationResponse(
                "k2m7q4xw5bta", "render-team", "ready", ExportExamples.Ready.Id, "delivered", 1, ExportExamples.At, NextAttemptAt: null,
                ExportExamples.At.AddSeconds(1), 200, Fault: null),
        ],
        1, 1, DefaultPageSize);

    public static void MapNotifications(this IEndpointRouteBuilder app)
    {
        var notifications = app.MapGroup("/api/v1/notifications").WithTags("Notifications").RequireAuthorization(Policies.Operator);
        notifications.MapGet("/", ListAsync).WithName("ListNotifications").WithExample(Example)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        notifications.MapPost("/targets/{name}/test", TestAsync).WithName("TestNotification")
            .WithExample(new AttemptResult(Delivered: true, 200, Fault: null))
            .WithSummary("Sends a message about nothing to a target, and says what became of it.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<NotificationsResponse>, ProblemHttpResult>> ListAsync(
        NotificationTargets targets, NotificationStore store, string? page, string? pageSize, CancellationToken cancellationToken)
    {
        if (!PageNumber.TryRead(page, 1, int.MaxValue, out var number)
            || !PageNumber.TryRead(pageSize, DefaultPageSize, MaxPageSize, out var size))
        {
            return ApiProblem.BadRequest("page begins at 1, pageSize is 1 to 1000.");
        }

        var found = await store.ListAsync(number, size, cancellationToken);
        return TypedResults.Ok(new NotificationsResponse(
            [.. targets.All.Select(Response)], [.. found.Items.Select(Response)], found.Total, number, size));
    }

    private static async Task<Results<Ok<AttemptResult>, ProblemHttpResult>> TestAsync(
        string name, HttpContext context, NotificationTargets targets, NotificationSender sender, CancellationToken cancellationToken) =>
        targets.Find(name) is { } target
            ? TypedResults.Ok(await sender.TestAsync(target, Caller.Of(context), cancellationToken))
            : ApiProblem.Of(StatusCodes.Status404NotFound, "not-found", "There is no such target in Notifications:Targets.");

    private static TargetResponse Response(NotificationTarget target) =>
        new(target.Name, target.Kind.ToString().ToLowerInvariant(), target.MaskedUrl, target.Events, target.Language.Name);

    private static NotificationResponse Response(Notification notification) => new(
        notification.Id, notification.Target, notification.Event, notification.ExportId,
        notification.State.ToString().ToLowerInvariant(), notification.Attempts, notification.CreatedAt,
        notification.State == NotificationState.Waiting ? notification.NextAttemptAt : null,
        notification.LastAttemptAt, notification.Status, notification.Fault);
}
