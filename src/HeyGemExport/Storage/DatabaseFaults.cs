using System.Data.Common;

namespace HeyGemExport.Storage;

/// <summary>Tells the database's faults from others.</summary>
public static class DatabaseFaults
{
    /// <summary>Whether the exception says that the database does not answer, and not that the program is wrong.</summary>
    public static bool Is(Exception exception) => exception is DbException or DatabaseUnavailableException;
}
