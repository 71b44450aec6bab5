namespace HeyGemExport.Tests.Data;

public sealed class SqliteRecordsTests : ExportRecordsTests
{
    [Fact]
    public void The_database_is_a_file_in_the_data_folder()
    {
        var app = Start(new ExportApp(Folder));
        using var client = app.CreateClient();

        Assert.True(File.Exists(Path.Combine(app.Data, "heygem-export.db")));
    }

    protected override Task<string> NewDatabaseAsync() => Task.FromResult("");
}
