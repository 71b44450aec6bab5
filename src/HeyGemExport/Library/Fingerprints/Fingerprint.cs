namespace HeyGemExport.Library.Fingerprints;

/// <summary>What one version of a finished video holds.</summary>
/// <param name="Identity">The version: inode and change time of the file.</param>
/// <param name="Sha256">Lower-case hex.</param>
internal sealed record Fingerprint(string Path, long Bytes, DateTimeOffset ModifiedAt, string Identity, string Sha256, uint Crc32);
