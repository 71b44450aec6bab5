using HeyGemExport.Data;
using HeyGemExport.Hosting;

namespace HeyGemExport.Library.Posters;

/// <summary>Posters that were costly to make, as files in <c>posters</c> below <c>Data:Path</c>, up to a number of bytes. A disk that
/// fails costs the memory of them, nothing else.</summary>
internal sealed partial class PosterCache(
    IOptions<PosterOptions> options, IOptions<DataOptions> data, IHostEnvironment environment, ILogger<PosterCache> logger)
{
    // With one more written, a tenth is freed: the folder need not be listed each time.
    private const double Kept = 0.9;

    private readonly string folder = Path.Combine(Path.GetFullPath(data.Value.Path, environment.ContentRootPath), "posters");
    private readonly Lock gate = new();
    private long? total;

    /// <param name="key">Letters and digits.</param>
    public byte[]? Find(string key)
    {
        try
        {
            return File.Exists(FileOf(key)) ? File.ReadAllBytes(FileOf(key)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Add(string key, byte[] picture)
    {
        if (picture.Length > options.Value.CacheBytes)
        {
            return;
        }

        try
        {
            lock (gate)
            {
                PrivateFiles.CreateFolder(folder);
                MakeRoom(picture.Length);
                var partial = FileOf(key) + ".partial";
                using (var file = PrivateFiles.Open(partial, FileMode.Create))
                {
                    file.Write(picture);
                }

                File.Move(partial, FileOf(key), overwrite: true);
                total += picture.Length;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(logger, exception, folder);
        }
    }

    private void MakeRoom(int bytes)
    {
        total ??= new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
        if (total + bytes <= options.Value.CacheBytes)
        {
            return;
        }

        var files = new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc).ToList();
        total = files.Sum(file => file.Length);
        foreach (var file in files.TakeWhile(_ => total + bytes > options.Value.CacheBytes * Kept))
        {
            total -= file.Length;
            file.Delete();
        }
    }

    private string FileOf(string key) => Path.Combine(folder, key + ".jpg");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A poster could not be kept in {Folder}")]
        public static partial void NotKept(ILogger logger, Exception exception, string folder);
    }
}
