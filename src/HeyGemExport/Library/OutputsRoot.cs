namespace HeyGemExport.Library;

/// <summary>The outputs folder, and the only way from a relative path to a file in it. Links are never followed.</summary>
public sealed class OutputsRoot
{
    /// <summary>The folder's absolute path.</summary>
    public string FullPath => throw new NotImplementedException();

    /// <summary>The file at a path relative to the outputs folder, or null when the path is not one
    /// (absolute, <c>..</c>, a link on the way, nothing there, not a regular file).</summary>
    public FileInfo? Resolve(string relativePath) => throw new NotImplementedException();

    /// <summary>Opens the file for reading, shared with writers and deleters, without a buffer of its own.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, or the path leads through a link or out of the folder.</exception>
    public FileStream OpenRead(string relativePath) => throw new NotImplementedException();
}
