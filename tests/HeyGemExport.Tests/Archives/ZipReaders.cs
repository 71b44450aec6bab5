using System.Globalization;

namespace HeyGemExport.Tests.Archives;

/// <summary>Readers of archives that are not ours.</summary>
internal static class ZipReaders
{
    /// <summary>Reads an archive in both of Java's ways and prints what it found: the streaming one is the strictest of all.</summary>
    private const string JavaReader = """
        import java.io.*;
        import java.util.zip.*;
        public class Main {
            public static void main(String[] args) throws Exception {
                var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
                var buffer = new byte[1 << 20];
                int entries = 0;
                long bytes = 0;
                try (var in = new ZipInputStream(new BufferedInputStream(new FileInputStream(args[0]), 1 << 20))) {
                    while (in.getNextEntry() != null) {
                        entries++;
                        for (int n; (n = in.read(buffer)) > 0;) bytes += n;
                    }
                }
                try (var zip = new ZipFile(args[0])) {
                    if (zip.size() != entries) throw new IllegalStateException("size " + zip.size());
                    long listed = zip.stream().mapToLong(ZipEntry::getSize).sum();
                    if (listed != bytes) throw new IllegalStateException("bytes " + listed);
                    if (entries < 100) zip.stream().forEach(e -> out.println(e.getName()));
                }
                out.println(entries + " " + bytes);
            }
        }
        """;

    /// <summary>Each reader that is installed takes the archive, and finds these entries in this order.</summary>
    public static async Task AssertAllAcceptAsync(string archive, IReadOnlyList<string> names)
    {
        var folder = Path.GetDirectoryName(archive)!;
        var java = ExternalTools.RunJavaAsync(folder, JavaReader, archive);
        await Task.WhenAll(
            java,
            ExternalTools.RunAsync(folder, "unzip", "-tqq", archive),
            ExternalTools.RunAsync(folder, "7z", "t", archive),
            ExternalTools.RunAsync(folder, "bsdtar", "-cf", "/dev/null", "@" + archive));
        const string list = """
            import sys, zipfile
            z = zipfile.ZipFile(sys.argv[1])
            assert z.start_dir > 1 << 32 or z.testzip() is None
            assert not any(i.flag_bits & 8 for i in z.infolist())
            sys.stdout.buffer.write("\n".join(i.filename for i in z.infolist()).encode())
            """;
        if (await ExternalTools.RunAsync(folder, "python3", "-c", list, archive) is { } listed)
        {
            Assert.Equal(names, listed.Split('\n'), StringComparer.Ordinal);
        }

        if (await java is { } read)
        {
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{names.Count} "), read.Trim().Split('\n')[^1],
                StringComparison.Ordinal);
        }
    }
}
