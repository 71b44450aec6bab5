using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Data;

/// <summary>
/// Keeps the keys of forms and cookies in <c>keys</c> under <c>Data:Path</c>. While that folder cannot be written the
/// keys live in memory, so that the pages that explain the fault can still be shown.
/// </summary>
internal sealed partial class KeyRepository(IOptions<DataOptions> options, IHostEnvironment environment, ILoggerFactory loggers) : IXmlRepository
{
    private readonly ConcurrentDictionary<string, XElement> unsaved = new(StringComparer.Ordinal);
    private readonly ILogger log = loggers.CreateLogger<KeyRepository>();

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var saved = Try(repository => repository.GetAllElements()) ?? [];
        return [.. saved, .. unsaved.Values];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var stored = Try(repository =>
        {
            repository.StoreElement(element, friendlyName);
            return this;
        });

        if (stored is null)
        {
            unsaved[friendlyName] = element;
        }
    }

    private T? Try<T>(Func<FileSystemXmlRepository, T> use)
        where T : class
    {
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(Path.GetFullPath(options.Value.Path, environment.ContentRootPath), "keys"));
            return use(new FileSystemXmlRepository(folder, loggers));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.KeysNotKept(log, exception.Message);
            return null;
        }
    }

    /// <summary>Hands the repository to the framework.</summary>
    internal sealed class Setup(KeyRepository repository) : IConfigureOptions<KeyManagementOptions>
    {
        public void Configure(KeyManagementOptions options) => options.XmlRepository = repository;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Keys cannot be kept under Data:Path, they live in memory until it can be written: {Reason}")]
        public static partial void KeysNotKept(ILogger logger, string reason);
    }
}
