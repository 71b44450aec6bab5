using System.Text.Json;
using System.Text.Unicode;

namespace HeyGemExport.Library.Tags;

/// <summary>Reads the content of a <c>tags.json</c>, whoever wrote it and however far they got.</summary>
internal static class TagFileParser
{
    /// <summary>The tags, or the fault that ends them.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="batch">The batch that it stands in.</param>
    public static TagFile Parse(byte[] content, string batch)
    {
        ReadOnlyMemory<byte> text = content;
        text = text.Span.StartsWith("\uFEFF"u8) ? text[3..] : text;
        if (!Utf8.IsValid(text.Span))
        {
            return new TagFile(new TagFileFault("not-utf8"));
        }

        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16 });
            return Read(json.RootElement, batch);
        }
        catch (JsonException exception)
        {
            return new TagFile(new TagFileFault("json-invalid", (exception.LineNumber ?? 0) + 1));
        }
        catch (InvalidOperationException)
        {
            // What the document throws for half of an escaped surrogate pair.
            return new TagFile(new TagFileFault("tag-invalid"));
        }
    }

    private static TagFile Read(JsonElement root, string batch)
    {
        List<string> tags = [];
        Dictionary<string, List<string>> videos = new(StringComparer.Ordinal);
        var fault = root.ValueKind switch
        {
            JsonValueKind.Array => Add(root, tags),
            JsonValueKind.Object => ReadMembers(root, batch, tags, videos),
            _ => new TagFileFault("not-tags"),
        };
        return fault is null
            ? new TagFile(TagName.Distinct(tags), videos.ToDictionary(video => video.Key, video => TagName.Distinct(video.Value), StringComparer.Ordinal))
            : new TagFile(fault);
    }

    private static TagFileFault? ReadMembers(JsonElement root, string batch, List<string> tags, Dictionary<string, List<string>> videos)
    {
        TagFileFault? fault = null;
        foreach (var member in root.EnumerateObject())
        {
            fault ??= member.Name.ToUpperInvariant() switch
            {
                "TAGS" => Add(member.Value, tags),
                "VIDEOS" => ReadVideos(member.Value, batch, videos),
                _ => null,
            };
        }

        return fault;
    }

    private static TagFileFault? ReadVideos(JsonElement element, string batch, Dictionary<string, List<string>> videos)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return new TagFileFault("not-tags");
        }

        foreach (var member in element.EnumerateObject())
        {
            var inBatch = member.Name.Replace('\\', '/');
            var path = VideoSearch.Compose(batch is Video.Ungrouped ? inBatch : $"{batch}/{inBatch}");
            if (!videos.TryGetValue(path, out var tags))
            {
                videos.Add(path, tags = []);
            }

            if (Add(member.Value, tags) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static TagFileFault? Add(JsonElement element, List<string> tags)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return new TagFileFault("not-tags");
        }

        foreach (var item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || TagName.Read(item.GetString()) is not { } tag)
            {
                return new TagFileFault("tag-invalid");
            }

            tags.Add(tag);
            if (tags.Count > TagName.MaxPerItem)
            {
                return new TagFileFault("too-many-tags", TagName.MaxPerItem);
            }
        }

        return null;
    }
}
