namespace HeyGemExport.FileSystem;

internal static class RelativePath
{
    /// <summary>False for what is absolute, climbs, or would do so on Windows: <c>/x</c>, <c>../x</c>, <c>a//x</c>,
    /// <c>..\x</c>, <c>C:\x</c>, <c>\\server\x</c>, and for a NUL.</summary>
    public static bool IsSafe(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) || HasDrive(path))
        {
            return false;
        }

        // A backslash is a letter of a name on Linux; a name is still refused where it would climb elsewhere.
        foreach (var range in path.AsSpan().SplitAny('/', '\\'))
        {
            var segment = path.AsSpan(range);
            if (segment is "" or "." or ".." || (OperatingSystem.IsWindows() && (segment[^1] is '.' or ' ')))
            {
                return false;
            }
        }

        return !OperatingSystem.IsWindows() || path.AsSpan().IndexOfAny('\\', ':') < 0;
    }

    private static bool HasDrive(string path) =>
        path.Length >= 2 && char.IsAsciiLetter(path[0]) && path[1] == ':' && (path.Length == 2 || path[2] is '/' or '\\');
}
