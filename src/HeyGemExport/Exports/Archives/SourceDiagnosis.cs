using System.Globalization;
using HeyGemExport.Library;

namespace HeyGemExport.Exports.Archives;

/// <summary>Says what is wrong with a source, in the codes of <see cref="SourceFault"/>.</summary>
internal static class SourceDiagnosis
{
    public const string Vanished = "vanished";
    public const string Changed = "changed";
    public const string Unreadable = "unreadable";
    public const string Link = "link";

    /// <summary>What is wrong with a source right now, without reading its content; null when nothing is.</summary>
    public static SourceFault? Inspect(OutputsRoot outputs, ContractEntry entry)
    {
        try
        {
            using var stream = outputs.OpenRead(entry.Path);
            var modifiedAt = new DateTimeOffset(File.GetLastWriteTimeUtc(stream.SafeFileHandle), TimeSpan.Zero);
            return Difference(entry, stream.Length, modifiedAt, entry.Identity is null ? null : OutputsRoot.Identify(stream.SafeFileHandle));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Of(outputs, entry, failure);
        }
    }

    /// <summary>The fault when length, time or identity are not those of the contract, or null.</summary>
    public static SourceFault? Difference(ContractEntry entry, long bytes, DateTimeOffset modifiedAt, FileIdentity? identity)
    {
        if (bytes != entry.Bytes)
        {
            return new SourceFault(entry.Path, Changed, string.Create(CultureInfo.InvariantCulture, $"{entry.Bytes} → {bytes} bytes"));
        }

        if (modifiedAt != entry.ModifiedAt)
        {
            return new SourceFault(entry.Path, Changed, string.Create(CultureInfo.InvariantCulture, $"{entry.ModifiedAt:O} → {modifiedAt:O}"));
        }

        return entry.Identity is null || string.Equals(identity?.File, entry.Identity, StringComparison.Ordinal)
            ? null
            : new SourceFault(entry.Path, Changed, "another file of the same length and time");
    }

    /// <summary>Why a source could not be opened.</summary>
    public static SourceFault Of(OutputsRoot outputs, ContractEntry entry, Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException when outputs.LeadsThroughLink(entry.Path) => new SourceFault(entry.Path, Link),
        FileNotFoundException or DirectoryNotFoundException => new SourceFault(entry.Path, Vanished),
        _ => new SourceFault(entry.Path, Unreadable, failure.Message),
    };
}
