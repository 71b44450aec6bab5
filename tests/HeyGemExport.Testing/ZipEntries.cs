using System.IO.Compression;

namespace HeyGemExport.Testing;

/// <summary>What an archive's entries hold.</summary>
internal static class ZipEntries
{
    public static async Task<byte[]> BytesAsync(this ZipArchiveEntry entry)
    {
        using var buffer = new MemoryStream();
        await using var stream = await entry.OpenAsync();
        await stream.CopyToAsync(buffer);
        return buffer.ToArray();
    }

    public static Task<byte[]> BytesAsync(this ZipArchive archive, string name) => archive.GetEntry(name)!.BytesAsync();
}
