using System.Collections.Concurrent;
using System.Xml.Linq;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace HeyGemExport.Data;

/// <summary>The keys of data protection: in PostgreSQL, where all nodes share them, or below <c>Data:Path</c>. In memory while that is
/// away, so that the pages that explain the error can be shown.</summary>
internal sealed partial class KeyRepository(
    Database database, IOptions<DataOptions> options, IHostEnvironment environment, ILoggerFactory loggers) : IXmlRepository
{
    /// <summary>The host does not start before it has its keys.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, XElement> unsaved = new(StringComparer.Ordinal);
    private readonly ILogger log = loggers.CreateLogger<KeyRepository>();
    private volatile IReadOnlyCollection<XElement> saved = [];

    /// <summary>Whether the database has other keys than were last read, or lacks one of this node.</summary>
    public bool IsOutdated(long savedCount) => !unsaved.IsEmpty || saved.Count != savedCount;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        // What was read before stays known: a failure that passes must not end every session.
        Try(() => saved = database.IsSqlite ? Folder().GetAllElements() : Wait(ReadSharedAsync));
        return [.. saved, .. unsaved.Values];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        if (!Try(() => Store(element, friendlyName)))
        {
            unsaved[friendlyName] = element;
        }
    }

    private void Store(XElement element, string name)
    {
        if (database.IsSqlite)
        {
            Folder().StoreElement(element, name);
        }
        else
        {
            Wait(() => ShareAsync(name, element));
        }
    }

    private async Task<IReadOnlyCollection<XElement>> ReadSharedAsync()
    {
        // Those of a node that was alone before, or whose keys were in a folder that all nodes shared.
        foreach (var (name, element) in ReadFolder())
        {
            await ShareAsync(name, element);
        }

        foreach (var (name, element) in unsaved)
        {
            await ShareAsync(name, element);
            unsaved.TryRemove(name, out _);
        }

        var keys = await database.QueryAsync<string>("SELECT xml FROM data_protection_keys", parameters: null, CancellationToken.None);
        return [.. keys.Select(XElement.Parse)];
    }

    private Task<int> ShareAsync(string name, XElement element) => database.ExecuteAsync(
        "INSERT INTO data_protection_keys (name, xml) VALUES (@name, @xml) ON CONFLICT (name) DO NOTHING",
        new { name, xml = element.ToString(SaveOptions.DisableFormatting) },
        CancellationToken.None);

    private List<(string Name, XElement Element)> ReadFolder()
    {
        List<(string, XElement)> found = [];
        Try(() =>
        {
            if (Directory.Exists(FolderPath))
            {
                found = [.. Directory.GetFiles(FolderPath, "*.xml")
                    .Select(file => (Path.GetFileNameWithoutExtension(file), XElement.Load(file)))];
            }
        });
        return found;
    }

    private FileSystemXmlRepository Folder()
    {
        PrivateFiles.CreateFolder(FolderPath);
        return new(new DirectoryInfo(FolderPath), loggers);
    }

    private string FolderPath => Path.Combine(Path.GetFullPath(options.Value.Path, environment.ContentRootPath), "keys");

    // Data protection knows no asynchronous storage.
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).WaitAsync(Patience).GetAwaiter().GetResult();

    private bool Try(Action use)
    {
        try
        {
            use();
            return true;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or TimeoutException || DatabaseErrors.IsUnavailable(exception))
        {
            Log.Away(log, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "密钥无法读取或保存，恢复前仅使用内存中的密钥: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
