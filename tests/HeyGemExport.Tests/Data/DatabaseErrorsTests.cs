using HeyGemExport.Data;
using Microsoft.Data.Sqlite;

namespace HeyGemExport.Tests.Data;

public sealed class DatabaseErrorsTests
{
    /// <summary>Work that is done is kept until they have passed: see https://www.sqlite.org/rescode.html.</summary>
    [Theory]
    [InlineData(5, "database is locked", true)]
    [InlineData(6, "database table is locked", true)]
    [InlineData(8, "attempt to write a readonly database", true)]
    [InlineData(10, "disk I/O error", true)]
    [InlineData(11, "database disk image is malformed", true)]
    [InlineData(13, "database or disk is full", true)]
    [InlineData(14, "unable to open database file", true)]
    [InlineData(26, "file is not a database", true)]
    [InlineData(1, "no such table: exports", true)]
    [InlineData(1, "no such column: claim", true)]
    [InlineData(1, "near \"SELEC\": syntax error", false)]
    [InlineData(19, "UNIQUE constraint failed: exports.id", false)]
    public void What_may_pass_is_told_from_what_does_not(int code, string message, bool mayPass) =>
        Assert.Equal(mayPass, DatabaseErrors.IsTransient(new SqliteException($"SQLite Error {code}: '{message}'.", code)));
}
