using System.Collections.Concurrent;
using System.Xml.Linq;
using HeyGemExport.Hosting;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace HeyGemExport.Data;

/// <summary>In memory while <c>Data:Path</c> cannot be written, so that the pages that explain the error can be shown.</summary>
internal sealed partial class KeyRepository(
    IOptions<DataOptions> options, IHostEnvironment environment, ILoggerFactory loggers) : IXmlRepository
{
    private readonly ConcurrentDictionary<string, XElement> unsaved = new(StringComparer.Ordinal);
    private readonly ILogger log = loggers.CreateLogger<KeyRepository>();

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        IReadOnlyCollection<XElement> saved = [];
        Try(files => saved = files.GetAllElements());
        return [.. saved, .. unsaved.Values];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        if (!Try(files => files.StoreElement(element, friendlyName)))
        {
            unsaved[friendlyName] = element;
        }
    }

    private bool Try(Action<FileSystemXmlRepository> use)
    {
        try
        {
            var folder = Path.Combine(Path.GetFullPath(options.Value.Path, environment.ContentRootPath), "keys");
            PrivateFiles.CreateFolder(folder);
            use(new FileSystemXmlRepository(new DirectoryInfo(folder), loggers));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotSaved(log, exception.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "密钥无法保存到 Data:Path，恢复写入前仅保留在内存中: {Reason}")]
        public static partial void NotSaved(ILogger logger, string reason);
    }
}
