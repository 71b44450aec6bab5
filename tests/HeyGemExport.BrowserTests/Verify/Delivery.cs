using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace HeyGemExport.BrowserTests.Verify;

/// <summary>Something to deliver: files with the lists that the export writes, as archives or unpacked.</summary>
internal sealed class Delivery(TempFolder folder)
{
    /// <summary>Larger than one piece of the reader, and not a multiple of any block.</summary>
    private const int ClipBytes = (1024 * 1024) + 4321;

    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal)
    {
        ["batch_1/课程 01.mp4"] = Random(ClipBytes, seed: 1),
        ["batch_1/lesson 02.mp4"] = Random(70_001, seed: 2),
        ["welcome.mov"] = new byte[300_000],
        ["empty.mp4"] = [],
    };

    public CompressionLevel Level { get; set; } = CompressionLevel.NoCompression;

    public string Sums => string.Concat(Files.Select(file => $"{Hex(file.Value)}  {file.Key}\n"));

    /// <summary>Writes an archive of the files that <paramref name="packed"/> gives, with the list of all of them.</summary>
    public string Archive(string name, IReadOnlyDictionary<string, byte[]>? packed = null, bool withList = true)
    {
        var path = folder[name];
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (entryName, content) in packed ?? Files)
        {
            Add(zip, entryName, content);
        }

        if (withList)
        {
            Add(zip, "SHA256SUMS", Encoding.UTF8.GetBytes(Sums));
        }

        return path;
    }

    /// <summary>The files and their list as unpacking leaves them; the folder.</summary>
    public string Unpacked(string name)
    {
        foreach (var (path, content) in Files)
        {
            folder.Write(Path.Combine(name, path), content, DateTime.UnixEpoch);
        }

        folder.Write(Path.Combine(name, "SHA256SUMS"), Encoding.UTF8.GetBytes(Sums), DateTime.UnixEpoch);
        return folder[name];
    }

    public static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private void Add(ZipArchive zip, string name, byte[] content)
    {
        using var entry = zip.CreateEntry(name, Level).Open();
        entry.Write(content);
    }
}
