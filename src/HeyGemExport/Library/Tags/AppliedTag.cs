namespace HeyGemExport.Library.Tags;

/// <summary>Where a tag comes from; one tag can come from several places.</summary>
[Flags]
internal enum TagOrigins
{
    None = 0,

    /// <summary>A person gave it to the video.</summary>
    Video = 1,

    /// <summary>A person gave it to the batch.</summary>
    Batch = 2,

    /// <summary>The batch's <c>tags.json</c> has it; only that file can remove it.</summary>
    File = 4,
}

/// <summary>A tag that a video or a batch has.</summary>
/// <param name="Name">As it was first written.</param>
/// <param name="Origins">Where it comes from.</param>
internal sealed record AppliedTag(string Name, TagOrigins Origins);
