using System.Buffers.Binary;

namespace HeyGemExport.Library.Containers;

/// <summary>Tells from a file's structure, without reading its media, whether its container is complete.</summary>
internal static class ContainerProbe
{
    private enum Kind
    {
        Unknown,
        IsoMedia,
        Riff,
        Matroska,
    }

    /// <summary>Examines an open file whose name has this extension. What is not one of the known containers by name
    /// nor by content is taken as it is.</summary>
    public static async Task<ContainerFacts> ExamineAsync(FileStream file, string extension, CancellationToken cancellationToken)
    {
        var reader = new StructureReader(file.SafeFileHandle, RandomAccess.GetLength(file.SafeFileHandle));
        if (reader.Length == 0)
        {
            return VideoFaults.Empty;
        }

        var (expected, name) = Announced(extension);
        var found = Recognize((await reader.ReadAsync(0, 12, cancellationToken)).Span);
        if (expected != Kind.Unknown && expected != found)
        {
            return VideoFaults.NotAContainer(name);
        }

        return found switch
        {
            Kind.IsoMedia => await IsoMediaStructure.ExamineAsync(reader, needsFileType: name is "MP4", cancellationToken),
            Kind.Riff => await AviStructure.ExamineAsync(reader, cancellationToken),
            Kind.Matroska => await MatroskaStructure.ExamineAsync(reader, cancellationToken),
            _ => new ContainerFacts(Fault: null),
        };
    }

    private static (Kind Kind, string Name) Announced(string extension) => extension.ToUpperInvariant() switch
    {
        ".MP4" or ".M4V" => (Kind.IsoMedia, "MP4"),
        ".MOV" => (Kind.IsoMedia, "MOV"),
        ".AVI" => (Kind.Riff, "AVI"),
        ".MKV" => (Kind.Matroska, "MKV"),
        ".WEBM" => (Kind.Matroska, "WebM"),
        _ => (Kind.Unknown, ""),
    };

    private static Kind Recognize(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(head) == MatroskaStructure.Header => Kind.Matroska,
        _ when head.Length >= 12 && head[..4].SequenceEqual("RIFF"u8) && head[8..].SequenceEqual("AVI "u8) => Kind.Riff,
        _ when head.Length >= 8 && IsoMediaStructure.MayBegin(head[4..8]) => Kind.IsoMedia,
        _ => Kind.Unknown,
    };
}
