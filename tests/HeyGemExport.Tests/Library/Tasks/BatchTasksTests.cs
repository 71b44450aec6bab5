using System.Text;
using HeyGemExport.Library;
using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Tests.Library.Tasks;

/// <summary>Task lists on the disk, and what the library makes of them.</summary>
public sealed class BatchTasksTests : IDisposable
{
    private readonly LibraryBed bed = new();

    public void Dispose() => bed.Dispose();

    [Fact]
    public async Task Counts_what_is_there_and_says_why_the_rest_is_not()
    {
        bed.Write("b/1.mp4");
        bed.Write("b/sub/2.mp4");
        bed.WriteAged("b/new.mp4", ClipBytes.Mp4, TimeSpan.Zero);
        bed.Write("b/broken.mp4", [1]);
        bed.Write("b/extra.mp4");
        WriteList("b/tasks.csv", """
            name,file,state
            one,1.mp4,done
            two,sub/2.mp4,rendering
            new,new.mp4,done
            broken,broken.mp4,done
            gone,gone.mp4,done
            r,r.mp4,rendering
            q,q.mp4,queued
            f,,failed
            c,,cancelled
            o,,paused
            """);

        var tasks = await TasksAsync("b");

        Assert.Equal(
            (10, 2, 1, 8, null, false), (tasks.Expected, tasks.Present, tasks.Unlisted, tasks.MissingCount, tasks.Issue, tasks.IsComplete));
        Assert.Equal(
            [
                (MissingReason.Rendering, 1), (MissingReason.Queued, 1), (MissingReason.Failed, 1), (MissingReason.Cancelled, 1),
                (MissingReason.NotThere, 1), (MissingReason.NotReady, 2), (MissingReason.Other, 1),
            ],
            tasks.Reasons.Select(count => (count.Key, count.Value)));
        Assert.Equal(["new", "broken", "gone", "r", "q", "f", "c", "o"], tasks.Missing.Select(missing => missing.Task.Name));
        Assert.Equal([VideoState.Writing, VideoState.Broken, null], tasks.Missing.Take(3).Select(missing => missing.Video));
    }

    [Theory]
    [InlineData("a.mp4", true)]
    [InlineData("a", true)]
    [InlineData("A", false)]
    [InlineData("a.mov", false)]
    [InlineData("b/a", false)]
    public async Task Without_a_file_the_name_finds_it_with_or_without_extension(string name, bool isFound)
    {
        bed.Write("b/deep/a.mp4");
        WriteList("b/tasks.json", $$"""[{"name":"{{name}}"}]""");
        Assert.Equal(isFound, (await TasksAsync("b")).IsComplete);
    }

    [Fact]
    public async Task Accents_may_be_encoded_in_another_way()
    {
        bed.Write("b/" + "é.mp4".Normalize(NormalizationForm.FormD));
        WriteList("b/tasks.json", $$"""[{"name":"x","file":"{{"é.mp4".Normalize(NormalizationForm.FormC)}}"}]""");
        Assert.True((await TasksAsync("b")).IsComplete);
    }

    [Fact]
    public async Task A_video_answers_for_one_task_only()
    {
        bed.Write("b/a.mp4");
        bed.Write("b/a.mov", ClipBytes.Mp4[..100]);
        WriteList(
            "b/tasks.json", """[{"name":"a"},{"name":"a","state":"queued"},{"name":"a","state":"queued"},{"name":"x","file":"a.mov","state":"done"}]""");
        var tasks = await TasksAsync("b");
        Assert.Equal((4, 1, 0), (tasks.Expected, tasks.Present, tasks.Unlisted));
    }

    [Fact]
    public async Task A_name_finds_the_ready_one_of_two()
    {
        bed.Write("b/1/a.mp4", [1]);
        bed.Write("b/2/a.mp4");
        WriteList("b/tasks.json", """[{"name":"a"}]""");
        Assert.True((await TasksAsync("b")).IsComplete);
    }

    [Fact]
    public async Task The_ungrouped_list_lies_in_the_outputs_folder_and_may_name_files_in_folders()
    {
        bed.Write("a.mp4");
        bed.Write("b/c.mp4");
        WriteList("tasks.json", """[{"name":"a","state":"done"},{"file":"b/c.mp4","state":"done"},{"name":"c","state":"done"}]""");
        var snapshot = await bed.ScanAsync();
        var tasks = snapshot.Batches.Single(batch => batch.Name == Video.Ungrouped).Tasks!;
        Assert.Equal((3, 2, 0), (tasks.Expected, tasks.Present, tasks.Unlisted));
        Assert.Null(snapshot.Batches.Single(batch => batch.Name == "b").Tasks);
    }

    [Fact]
    public async Task A_list_deeper_than_the_batch_or_hidden_is_none()
    {
        bed.Write("b/a.mp4");
        WriteList("b/deep/tasks.json", "[]");
        WriteList("b/.tasks.json", "[]");
        WriteList(".hidden/tasks.json", "[]");
        WriteList("b/Tasks.json.tmp", "[]");
        Assert.Null(Assert.Single((await bed.ScanAsync()).Batches).Tasks);
    }

    [Fact]
    public async Task Json_counts_where_there_are_both()
    {
        bed.Write("b/a.mp4");
        WriteList("b/tasks.csv", "name\na\nb\n");
        WriteList("b/tasks.json", """[{"name":"a"}]""");
        Assert.Equal(1, (await TasksAsync("b")).Expected);
    }

    [Fact]
    public async Task A_batch_of_which_nothing_is_there_yet_is_listed()
    {
        WriteList("b/tasks.json", """[{"name":"a","state":"queued"}]""");
        var batch = Assert.Single((await bed.ScanAsync()).Batches);
        Assert.Equal(("b", 0, 0L, bed.Time.GetUtcNow() - TimeSpan.FromHours(1)), (batch.Name, batch.Videos, batch.Bytes, batch.ModifiedAt));
        Assert.Equal(1, batch.Tasks?.Expected);
    }

    [Fact]
    public async Task A_list_is_never_a_video_even_where_its_extension_is_one()
    {
        using var odd = new LibraryBed(("Library:Extensions", ".mp4 .json"));
        odd.Write("b/tasks.json", "[]"u8.ToArray());
        odd.Write("b/other.json", [1]);
        Assert.Equal("b/other.json", Assert.Single((await odd.ScanAsync()).Videos).Path);
    }

    [Fact]
    public async Task Links_are_never_followed()
    {
        var secret = bed.Folder.Write("secret/tasks.json", "[]"u8.ToArray());
        bed.Write("b/a.mp4");
        File.CreateSymbolicLink(Path.Combine(bed.Outputs, "b", "tasks.json"), secret);
        Directory.CreateSymbolicLink(Path.Combine(bed.Outputs, "c"), bed.Folder["secret"]);
        Assert.Null(Assert.Single((await bed.ScanAsync()).Batches).Tasks);
    }

    [Fact]
    public async Task A_list_that_is_too_large_is_a_fault()
    {
        bed.Write("b/tasks.json", new byte[TaskList.MaxBytes + 1]);
        Assert.Equal(new SidecarIssue("too-large", 4), (await TasksAsync("b")).Issue);
    }

    [Fact]
    public async Task A_list_is_read_again_when_it_changes()
    {
        bed.Write("b/a.mp4");
        WriteList("b/tasks.json", "[{");
        Assert.Equal("json-invalid", (await TasksAsync("b")).Issue?.Code);
        var version = bed.Index.Current.Version;
        WriteList("b/tasks.json", """[{"name":"a","state":"done"}]""");
        Assert.True((await TasksAsync("b")).IsComplete);
        Assert.Equal(version + 1, bed.Index.Current.Version);
        File.Delete(Path.Combine(bed.Outputs, "b", "tasks.json"));
        Assert.Null(Assert.Single((await bed.ScanAsync()).Batches).Tasks);
        Assert.Equal(version + 2, bed.Index.Current.Version);
    }

    [Theory]
    [InlineData(3600, 1)]
    [InlineData(1, 2)]
    public async Task Only_a_list_written_a_moment_ago_is_read_again_without_a_change_of_size_and_time(int secondsAgo, int expected)
    {
        WriteAged("""[{"name":"a"}           ]""");
        Assert.Equal(1, (await TasksAsync("b")).Expected);
        WriteAged("""[{"name":"a"},{"name":1}]""");
        Assert.Equal(expected, (await TasksAsync("b")).Expected);

        void WriteAged(string text) => bed.WriteAged("b/tasks.json", Encoding.UTF8.GetBytes(text), TimeSpan.FromSeconds(secondsAgo));
    }

    [Fact]
    public async Task A_list_that_says_the_same_changes_nothing()
    {
        bed.Write("b/a.mp4");
        bed.WriteAged("b/tasks.json", """[{"name":"a"}]"""u8.ToArray(), TimeSpan.Zero);
        var version = (await bed.ScanAsync()).Version;
        Assert.Equal(version, (await bed.ScanAsync()).Version);
    }

    [Fact]
    public async Task Names_no_more_missing_videos_than_allowed_and_counts_all()
    {
        WriteList("b/tasks.csv", "name\n" + string.Join('\n', Enumerable.Range(0, 1500)) + "\n");
        var tasks = await TasksAsync("b");
        Assert.Equal((1500, 1000), (tasks.MissingCount, tasks.Missing.Count));
    }

    private async Task<BatchTasks> TasksAsync(string batch)
    {
        var tasks = (await bed.ScanAsync()).Batches.Single(summary => summary.Name == batch).Tasks;
        Assert.NotNull(tasks);
        return tasks;
    }

    private void WriteList(string path, string text) => bed.Write(path, Encoding.UTF8.GetBytes(text));
}
