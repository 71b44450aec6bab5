using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

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
    public string Archive(string name, IReadOnlyDictionary<string, byte[]>? packed = null, byte[]? manifest = null, bool withList = true)
    {
        var path = folder[name];
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (entryName, content) in packed ?? Files)
        {
            Add(zip, entryName, content);
        }

        if (manifest is not null)
        {
            Add(zip, "manifest.json", manifest);
        }

        if (withList)
        {
            Add(zip, "SHA256SUMS", Encoding.UTF8.GetBytes(Sums + (manifest is null ? "" : $"{Hex(manifest)}  manifest.json\n")));
        }

        return path;
    }

    /// <summary>Writes one part; its manifest names all parts.</summary>
    public string Part(int number, IReadOnlyList<string> names)
    {
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            version = 1,
            archive = names[number - 1],
            createdAt = "2026-01-02T03:04:06+00:00",
            files = Files.Select(file => new { path = file.Key, name = file.Key, bytes = file.Value.Length, modifiedAt = "2026-01-02T03:04:06+00:00", sha256 = Hex(file.Value) }),
            leftOut = Array.Empty<object>(),
            parts = names.Select((name, index) => new { number = index + 1, name, fileCount = Files.Count, bytes = 1 }),
            part = number,
        });
        return Archive(names[number - 1], manifest: manifest);
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
