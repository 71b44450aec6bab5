using System.Text;

namespace HeyGemExport.Tests.Cli;

/// <summary>The app as a process of its own, as a shell starts it.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TempFolder folder = new();

    public CommandLineTests() => Directory.CreateDirectory(folder["outputs"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Check_exits_with_0_when_all_is_in_place()
    {
        var (code, output, _) = await RunAsync("C.UTF-8", "check");

        Assert.Equal(0, code);
        Assert.Contains($"OK  Results folder  {folder["outputs"]} can be read.", Squeezed(output), StringComparison.Ordinal);
        Assert.Contains("Everything is in place.", output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["logs", "运行实时日志.log"]));
    }

    [Fact]
    public async Task Check_exits_with_1_and_says_in_the_terminals_language_what_to_do()
    {
        Directory.Delete(folder["outputs"]);

        var (code, output, _) = await RunAsync("zh_CN.UTF-8", "check");

        Assert.Equal(1, code);
        Assert.Contains($"未通过  输出目录  {folder["outputs"]}（Library:OutputsPath）不存在。", Squeezed(output), StringComparison.Ordinal);
        Assert.Contains($"mkdir -p \"{folder["outputs"]}\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("--urls=http://127.0.0.1:0")]
    public async Task Every_wrong_option_is_named_at_once(string argument)
    {
        var (code, _, errors) = await RunAsync(
            "C.UTF-8", argument, "--Logs:KeepFiles=0", "--Logs:MaxFileBytes=1", "--Ops:CheckTimeoutSeconds=0",
            "--Serilog:MinimumLevel:Override:Hangfire=Loud");

        Assert.Equal(1, code);
        Assert.Contains("Logs:KeepFiles must be between 1 and 1000; it is 0.", errors, StringComparison.Ordinal);
        Assert.Contains("Logs:MaxFileBytes must be between", errors, StringComparison.Ordinal);
        Assert.Contains("Ops:CheckTimeoutSeconds must be between 0 exclusive and 300; it is 0.", errors, StringComparison.Ordinal);
        Assert.Contains("Serilog:MinimumLevel:Override:Hangfire must be one of Verbose,", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_option_that_two_sections_read_is_named_once()
    {
        var (code, _, errors) = await RunAsync("C.UTF-8", "check", "--Exports:Workers=0", "--Exports:RetentionHours=0");

        Assert.Equal(1, code);
        Assert.Equal(
            ["Exports:Workers must be between 1 and 64; it is 0.", "Exports:RetentionHours must be between 0 exclusive and 8760; it is 0."],
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1));
    }

    [Fact]
    public async Task An_unknown_command_prints_the_usage_and_exits_with_2()
    {
        var (code, _, errors) = await RunAsync("C.UTF-8", "chekc");

        Assert.Equal(2, code);
        Assert.Contains("Unknown command: chekc", errors, StringComparison.Ordinal);
        Assert.Contains("HeyGemExport check", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_prints_the_usage()
    {
        var (code, output, _) = await RunAsync("C.UTF-8", "--help");

        Assert.Equal(0, code);
        Assert.Contains("HeyGemExport check", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_exits_with_1_when_nobody_answers()
    {
        var (code, output, _) = await RunAsync("C.UTF-8", "health", "--urls=http://127.0.0.1:1");

        Assert.Equal(1, code);
        Assert.Contains("http://127.0.0.1:1/healthz/ready", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_adds_resets_and_lists_people()
    {
        var (added, password, _) = await RunAsync("C.UTF-8", "user", "add", "小王", "--role", "operator");
        var (taken, nothing, errors) = await RunAsync("C.UTF-8", "user", "add", "小王");
        var (reset, another, _) = await RunAsync("C.UTF-8", "user", "reset", "小王");
        var (listed, list, _) = await RunAsync("C.UTF-8", "user", "list");

        Assert.Equal((0, 1, 0, 0), (added, taken, reset, listed));
        Assert.Matches("^[a-z0-9]{20}$", password.Trim());
        Assert.Matches("^[a-z0-9]{20}$", another.Trim());
        Assert.NotEqual(password, another);
        Assert.Equal(("", "That name is taken."), (nothing, errors.Trim()));
        Assert.Equal("小王\toperator\tone-time-password\t-", list.Trim());
        Assert.DoesNotContain(password.Trim(), await File.ReadAllTextAsync(folder["logs", "audit.jsonl"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "user")]
    [InlineData(2, "user", "add")]
    [InlineData(2, "user", "remove", "somebody")]
    [InlineData(1, "user", "reset", "nobody")]
    [InlineData(1, "user", "add", "anonymous")]
    [InlineData(1, "user", "add", "somebody", "--role=king")]
    public async Task User_says_by_its_exit_code_what_went_wrong(int expected, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync("C.UTF-8", arguments);

        Assert.Equal((expected, ""), (code, output));
        Assert.NotEqual("", errors.Trim());
    }

    [Fact]
    public async Task Open_on_a_network_address_refuses_to_start_and_says_what_to_do()
    {
        var (code, _, errors) = await RunAsync("C.UTF-8", "--urls=http://0.0.0.0:0", "--Accounts:Mode=open");

        Assert.Equal(1, code);
        Assert.Contains("Accounts:Mode must not be open on http://0.0.0.0:0", errors, StringComparison.Ordinal);
        Assert.Contains("Accounts:AllowOpenOnNetwork=true", errors, StringComparison.Ordinal);
    }

    private static string Squeezed(string text)
    {
        var squeezed = new StringBuilder(text);
        while (squeezed.ToString().Contains("   ", StringComparison.Ordinal))
        {
            squeezed.Replace("   ", "  ");
        }

        return squeezed.ToString();
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(string language, params string[] arguments) =>
        ShellProcess.RunAsync(folder, [("LC_ALL", language), ("Ops__LowFreeBytes", "0"), ("Ops__MinimumFreeBytes", "0")], arguments);
}
