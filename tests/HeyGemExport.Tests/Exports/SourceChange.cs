namespace HeyGemExport.Tests.Exports;

/// <summary>What people and programs do to a video that was promised.</summary>
internal static class SourceChange
{
    public static void Apply(string path, string change)
    {
        var time = File.GetLastWriteTimeUtc(path);
        switch (change)
        {
            case "deleted":
                File.Delete(path);
                break;
            case "replaced":
                File.WriteAllBytes(path + ".new", new byte[new FileInfo(path).Length]);
                File.SetLastWriteTimeUtc(path + ".new", time);
                File.Move(path + ".new", path, overwrite: true);
                break;
            case "one byte, times restored":
                using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
                {
                    file.Position = file.Length / 2;
                    var value = file.ReadByte();
                    file.Position--;
                    file.WriteByte((byte)(value ^ 1));
                }

                File.SetLastWriteTimeUtc(path, time);
                break;
            default:
                using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
                {
                    file.SetLength(file.Length + (change is "appended" ? 1 : -1));
                }

                break;
        }
    }
}
