namespace HeyGemExport.Testing;

/// <summary>Programs that only tests need. A test that misses one is skipped, or fails with <c>CI=true</c>.</summary>
public static class Programs
{
    /// <summary>The Debian packages of the programs that are not named after theirs.</summary>
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["7z"] = "p7zip-full",
        ["aria2c"] = "aria2",
        ["bsdtar"] = "libarchive-tools",
        ["ffprobe"] = "ffmpeg",
        ["gencat"] = "libc6-dev",
        ["initdb"] = "postgresql",
        ["javac"] = "default-jdk-headless",
        ["promtool"] = "prometheus",
        ["runuser"] = "util-linux",
        ["setpriv"] = "util-linux",
        ["swift-account-server"] = "swift-account",
        ["swift-container-server"] = "swift-container",
        ["swift-object-server"] = "swift-object",
        ["swift-proxy-server"] = "swift-proxy",
    };

    /// <summary>Whether nothing may be skipped.</summary>
    public static bool AreRequired { get; } =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The full path of a program in <c>PATH</c> or in one of the other folders; null when it is in none.</summary>
    public static string? Find(string program, params IEnumerable<string> folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(folders)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Why a test that uses these programs is skipped; null when it is not. <c>./test</c> reads the packages from it.</summary>
    public static string? SkipReason(params IEnumerable<string> programs)
    {
        string[] missing = AreRequired ? [] : [.. programs.Where(program => Find(program) is null)];
        return missing.Length == 0 ? null : Missing(missing);
    }

    /// <summary>Says what is missing and how to install it.</summary>
    public static string Missing(params IEnumerable<string> programs) =>
        $"Not installed: {string.Join(", ", programs)}; "
        + $"apt-get install {string.Join(' ', programs.Select(PackageOf).Distinct(StringComparer.Ordinal))}";

    private static string PackageOf(string program) => Packages.GetValueOrDefault(program, program);
}
