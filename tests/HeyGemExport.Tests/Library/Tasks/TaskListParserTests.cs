using System.Text;
using HeyGemExport.Library;
using HeyGemExport.Library.Tasks;

namespace HeyGemExport.Tests.Library.Tasks;

public class TaskListParserTests
{
    [Theory]
    [InlineData("""[{"name":"a","file":"x/a.mp4","state":"done"}]""", "a", "x/a.mp4", TaskState.Done)]
    [InlineData("""{"version":{"n":[1]},"tasks":[{"name":"a","state":"RENDERING"}],"more":[]}""", "a", null, TaskState.Rendering)]
    [InlineData("""{"Tasks":[{"Name":"课程","State":"Queued","extra":{"file":"no"}}]}""", "课程", null, TaskState.Queued)]
    [InlineData("\uFEFF[{\"name\":\"a\",\"state\":\" failed \"}]", "a", null, TaskState.Failed)]
    [InlineData("""[{"name":12,"file":null,"state":"cancelled"}]""", "12", null, TaskState.Cancelled)]
    [InlineData("""[{"name":"a","state":"canceled"}]""", "a", null, TaskState.Cancelled)]
    [InlineData("""[{"name":"a","state":"paused"}]""", "a", null, TaskState.Other)]
    [InlineData("""[{"file":"x\\b.mp4"}]""", "b.mp4", "x/b.mp4", TaskState.Other)]
    [InlineData("""[{"name":"a","file":"./a.mp4","state":7}]""", "a", "a.mp4", TaskState.Other)]
    public void Reads_json(string text, string name, string? file, TaskState state) =>
        Assert.Equal(new RenderTask(name, file, state), Assert.Single(Read(text, isJson: true).Tasks));

    [Theory]
    [InlineData("name,file,state\r\na,x/a.mp4,done\r\n", "a", "x/a.mp4", TaskState.Done)]
    [InlineData("\uFEFFname,file,state\na,,Rendering", "a", null, TaskState.Rendering)]
    [InlineData("state,extra,Name\nfailed,1,\"a, \"\"b\"\"\nc\"\n", "a, \"b\"\nc", null, TaskState.Failed)]
    [InlineData("file\n一.mp4\n", "一.mp4", "一.mp4", TaskState.Other)]
    [InlineData("\n\nname,state\n\na,QUEUED\n\n", "a", null, TaskState.Queued)]
    public void Reads_csv(string text, string name, string? file, TaskState state) =>
        Assert.Equal(new RenderTask(name, file, state), Assert.Single(Read(text, isJson: false).Tasks));

    [Theory]
    [InlineData("", "empty", 0)]
    [InlineData(" \n\t", "empty", 0)]
    [InlineData("null", "not-a-list", 0)]
    [InlineData("\"tasks\"", "not-a-list", 0)]
    [InlineData("{}", "not-a-list", 0)]
    [InlineData("""{"tasks":{}}""", "not-a-list", 0)]
    [InlineData("[\n{\"name\":\"a\"},\n{\"na", "json-invalid", 3)]
    [InlineData("[{\"name\":\"a\"}]\nx", "json-invalid", 2)]
    [InlineData("""{"tasks":[{"name":"a"}]""", "json-invalid", 1)]
    [InlineData("[\n{\"name\":\"\\ud800\"}]", "json-invalid", 2)]
    [InlineData("[\n\"a.mp4\"]", "task-invalid", 2)]
    [InlineData("[{\"name\":\"a\"},\n\n{\"state\":\"done\"}]", "task-invalid", 3)]
    [InlineData("[{\"name\":[\"a\"]}]", "task-invalid", 1)]
    public void Says_what_is_wrong_with_json(string text, string code, long line)
    {
        var list = Read(text, isJson: true);
        Assert.Equal(new SidecarIssue(code, line), list.Issue);
        Assert.Empty(list.Tasks);
    }

    [Theory]
    [InlineData("\r\n", "empty", 0)]
    [InlineData("title,path\na,b\n", "csv-header", 0)]
    [InlineData("name;file;state\na;b;done\n", "csv-header", 0)]
    [InlineData("name,file,state\na,a.mp4,done\nb,b.m", "csv-invalid", 3)]
    [InlineData("name,file,state\na,\"a.mp4,done\n", "csv-invalid", 2)]
    [InlineData("name,state\na,done\n,done\n", "task-invalid", 3)]
    public void Says_what_is_wrong_with_csv(string text, string code, long line) =>
        Assert.Equal(new SidecarIssue(code, line), Read(text, isJson: false).Issue);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Refuses_what_is_not_utf8(bool isJson)
    {
        byte[] gbk = [.. "name,file,state\n"u8, 0xBF, 0xCE, .. ",,done\n"u8];
        Assert.Equal("not-utf8", TaskListParser.Parse(gbk, isJson, DateTimeOffset.UnixEpoch).Issue?.Code);
        Assert.Equal(
            "not-utf8", TaskListParser.Parse([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("[]")], isJson,
            DateTimeOffset.UnixEpoch).Issue?.Code);
    }

    [Theory]
    [InlineData("../a.mp4")]
    [InlineData("x/../../a.mp4")]
    [InlineData("..\\\\a.mp4")]
    [InlineData("/etc/a.mp4")]
    [InlineData("C:\\\\a.mp4")]
    [InlineData("a//a.mp4")]
    [InlineData("\\u0000/a.mp4")]
    public void A_path_that_leaves_the_folder_is_ignored_and_the_task_kept(string file)
    {
        var list = Read($$"""[{"file":"{{file}}","state":"done"}]""", isJson: true);
        Assert.Equal(new RenderTask("a.mp4", File: null, TaskState.Done), Assert.Single(list.Tasks));
    }

    [Theory]
    [InlineData("[{\"x\":")]
    [InlineData("{\"x\":")]
    public void Deep_nesting_is_a_fault(string start) =>
        Assert.Equal("json-invalid", Read(start + new string('[', 200_000), isJson: true).Issue?.Code);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reads_as_many_tasks_as_allowed_and_not_one_more(bool isJson)
    {
        string Text(int count) => isJson
            ? "[" + string.Join(',', Enumerable.Range(0, count).Select(number => $$"""{"name":"{{number}}"}""")) + "]"
            : "name\n" + string.Join('\n', Enumerable.Range(0, count)) + "\n";
        Assert.Equal(TaskList.MaxTasks, Read(Text(TaskList.MaxTasks), isJson).Tasks.Count);
        Assert.Equal(new SidecarIssue("too-many-tasks", 100_000), Read(Text(TaskList.MaxTasks + 1), isJson).Issue);
    }

    [Fact]
    public void A_long_name_is_cut_without_splitting_a_character()
    {
        var name = Assert.Single(Read($$"""[{"name":"{{new string('a', 253)}}😀b"}]""", isJson: true).Tasks).Name;
        Assert.Equal(new string('a', 253) + "…", name);
    }

    [Fact]
    public void A_file_named_twice_is_one_task_and_its_last_line_counts()
    {
        var list = Read("name,file,state\nfirst try,a.mp4,failed\nb,b.mp4,done\nsecond try,a.mp4,done\nc,,done\nc,,done\n", isJson: false);
        Assert.Equal(["second try", "b", "c", "c"], list.Tasks.Select(task => task.Name));
    }

    private static TaskList Read(string text, bool isJson) =>
        TaskListParser.Parse(Encoding.UTF8.GetBytes(text), isJson, DateTimeOffset.UnixEpoch);
}
