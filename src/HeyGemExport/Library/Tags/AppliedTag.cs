namespace HeyGemExport.Library.Tags;

/// <summary>Where a tag comes from; one tag can come from several places.</summary>
[Flags]
internal enum TagOrigins
{
    None = 0,

    Video = 1,

    Batch = 2,

    /// <summary>The batch's <c>tags.json</c> has it; only that file can remove it.</summary>
    File = 4,
}

internal sealed record AppliedTag(string Name, TagOrigins Origins);
