namespace HeyGemExport.Nodes;

/// <summary>A process of this app that lives, as it was last heard of.</summary>
internal record Node
{
    /// <summary>As it signs the records that it works on.</summary>
    public required string Name { get; init; }

    /// <summary><c>web</c>, <c>worker</c> or <c>both</c>.</summary>
    public required string Role { get; init; }
    public required string Version { get; init; }
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>By the clock of the database.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>Null while its temp folder cannot be used.</summary>
    public string? TempId { get; init; }

    /// <summary>The files of its outputs folder that were last written before <see cref="OutputsAt"/>, in one number; null while it cannot
    /// be listed.</summary>
    public long? Outputs { get; init; }
    public DateTimeOffset? OutputsAt { get; init; }
}
