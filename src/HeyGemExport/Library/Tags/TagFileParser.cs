using System.Text.Json;

namespace HeyGemExport.Library.Tags;

internal static class TagFileParser
{
    public static TagFile Parse(byte[] content, string batch)
    {
        if (Sidecar.TextOf(content) is not { } text)
        {
            return new TagFile(new SidecarIssue("not-utf8"));
        }

        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            return Read(json.RootElement, batch);
        }
        catch (JsonException exception)
        {
            return new TagFile(new SidecarIssue("json-invalid", (exception.LineNumber ?? 0) + 1));
        }
        catch (InvalidOperationException)
        {
            // What the document throws for half of an escaped surrogate pair.
            return new TagFile(new SidecarIssue("tag-invalid"));
        }
    }

    private static TagFile Read(JsonElement root, string batch)
    {
        List<string> tags = [];
        Dictionary<string, List<string>> videos = new(StringComparer.Ordinal);
        var issue = root.ValueKind switch
        {
            JsonValueKind.Array => Add(root, tags),
            JsonValueKind.Object => ReadMembers(root, batch, tags, videos),
            _ => new SidecarIssue("not-tags"),
        };
        return issue is null
            ? new TagFile(
                TagName.Distinct(tags),
                videos.ToDictionary(video => video.Key, video => TagName.Distinct(video.Value), StringComparer.Ordinal))
            : new TagFile(issue);
    }

    private static SidecarIssue? ReadMembers(JsonElement root, string batch, List<string> tags, Dictionary<string, List<string>> videos)
    {
        SidecarIssue? issue = null;
        foreach (var member in root.EnumerateObject())
        {
            issue ??= member.Name.ToUpperInvariant() switch
            {
                "TAGS" => Add(member.Value, tags),
                "VIDEOS" => ReadVideos(member.Value, batch, videos),
                _ => null,
            };
        }

        return issue;
    }

    private static SidecarIssue? ReadVideos(JsonElement element, string batch, Dictionary<string, List<string>> videos)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return new SidecarIssue("not-tags");
        }

        foreach (var member in element.EnumerateObject())
        {
            var inBatch = member.Name.Replace('\\', '/');
            var path = VideoSearch.Compose(batch is Video.Ungrouped ? inBatch : $"{batch}/{inBatch}");
            if (!videos.TryGetValue(path, out var tags))
            {
                videos.Add(path, tags = []);
            }

            if (Add(member.Value, tags) is { } issue)
            {
                return issue;
            }
        }

        return null;
    }

    private static SidecarIssue? Add(JsonElement element, List<string> tags)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return new SidecarIssue("not-tags");
        }

        foreach (var item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || TagName.Read(item.GetString()) is not { } tag)
            {
                return new SidecarIssue("tag-invalid");
            }

            tags.Add(tag);
            if (tags.Count > TagName.MaxPerItem)
            {
                return new SidecarIssue("too-many-tags", TagName.MaxPerItem);
            }
        }

        return null;
    }
}
