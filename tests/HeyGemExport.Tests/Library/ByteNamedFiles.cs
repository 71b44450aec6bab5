using System.Runtime.InteropServices;
using System.Text;

namespace HeyGemExport.Tests.Library;

/// <summary>Gives files names that are not UTF-8, and takes them away again: .NET can do neither.</summary>
internal static class ByteNamedFiles
{
    /// <summary>Renames what is in a folder.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="name">The name there, a character for each byte: <c>"\u00ff.mp4"</c> for <c>\xff.mp4</c>.</param>
    /// <param name="newName">Its new name, likewise.</param>
    public static void Rename(string folder, string name, string newName) =>
        Assert.Equal(0, Rename(Terminated(folder, name), Terminated(folder, newName)));

    private static byte[] Terminated(string folder, string name) =>
        [.. Encoding.UTF8.GetBytes(folder + '/'), .. Encoding.Latin1.GetBytes(name), 0];

    [DllImport("libc", EntryPoint = "rename")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Rename(byte[] from, byte[] to);
}
