namespace HeyGemExport.Exports.Archives;

/// <summary>How large an archive can become.</summary>
public static class ArchiveSize
{
    /// <summary>The most bytes that the archive of a contract can take, headers and directory included.</summary>
    public static long UpperBound(ArchiveContract contract) => throw new NotImplementedException();
}
