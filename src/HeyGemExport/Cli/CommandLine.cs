using System.Globalization;
using System.Reflection;
using HeyGemExport.Health;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace HeyGemExport.Cli;

/// <summary>What the app does from a shell, besides serving.</summary>
internal static class CommandLine
{
    /// <summary>Exit code of a command that could not be understood.</summary>
    public const int UsageError = 2;

    private const string Serve = "";

    private const string Pack = "pack";

    // A host that a test starts has the test runner as its entry point, and needs the exception instead of an exit code.
    private static bool IsOwnProcess => Assembly.GetEntryAssembly() == typeof(CommandLine).Assembly;

    /// <summary>Runs the command that the first argument names, in the terminal's language.</summary>
    /// <returns>The exit code; null when the arguments name no command and the app is to serve.</returns>
    /// <exception cref="OptionsValidationException">The configuration is wrong; every error of every section is in it.
    /// Only inside another process; the app's own writes the errors and exits.</exception>
    public static async Task<int?> RunAsync(WebApplication app, IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        UseTerminalLanguage();
        var texts = app.Services.GetRequiredService<IStringLocalizer<HealthTexts>>();
        try
        {
            return await RunAsync(CommandIn(args), args, app.Services, texts, cancellationToken);
        }
        catch (OptionsValidationException invalid) when (IsOwnProcess)
        {
            var lines = invalid.Failures.Prepend(texts["Cli.options"]);
            await Console.Error.WriteLineAsync(string.Join("\n  ", lines).AsMemory(), cancellationToken);
            return 1;
        }
    }

    private static async Task<int?> RunAsync(string command, IReadOnlyList<string> args, IServiceProvider services, IStringLocalizer texts, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case Serve:
                Validate(services);
                return null;
            case "check":
                Validate(services);
                return await CheckCommand.RunAsync(services, Console.Out, cancellationToken);
            case "health":
                return await HealthCommand.RunAsync(services, Console.Out, cancellationToken);
            case Pack:
                Validate(services);
                return await PackCommand.RunAsync(services, [.. args.Skip(1)], Console.Out, Console.Error, cancellationToken);
            case "user":
                Validate(services);
                return await UserCommand.RunAsync(services, [.. args.Skip(1)], Console.Out, Console.Error, cancellationToken);
            case "--help" or "-h":
                await Console.Out.WriteLineAsync(texts["Cli.usage"].Value.AsMemory(), cancellationToken);
                return 0;
            default:
                await Console.Error.WriteLineAsync($"{texts["Cli.unknown", command]}\n{texts["Cli.usage"]}".AsMemory(), cancellationToken);
                return UsageError;
        }
    }

    /// <summary>
    /// The words that configure the host. Options of a command are not for it: it would take the word after <c>--all</c>, which may
    /// be a setting, for its value.
    /// </summary>
    public static string[] SettingsIn(string[] args)
    {
        return args is [Pack, ..] ? [.. args.Where(IsSetting)] : args;
    }

    /// <summary>Whether a word is a setting, as in <c>--Data:Path=/data</c>.</summary>
    internal static bool IsSetting(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && word.Split('=', 2) is [var key, _]
        && (key.Contains(':', StringComparison.Ordinal) || key is "--contentRoot" or "--environment" or "--urls");

    private static string CommandIn(IReadOnlyList<string> args) => args switch
    {
        ["--help" or "-h", ..] => args[0],
        [['-' or '/', ..], ..] or [] => Serve,
        _ => args[0],
    };

    // The host would validate by itself, but only after it has built its services, and the first of them that reads a
    // wrong section would hide what is wrong in the others.
    private static void Validate(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (AggregateException faults) when (faults.InnerExceptions.All(fault => fault is OptionsValidationException))
        {
            // Options that take a value from a wrong section fail with that section's errors.
            var failures = faults.InnerExceptions.Cast<OptionsValidationException>().SelectMany(fault => fault.Failures).Distinct(StringComparer.Ordinal);
            throw new OptionsValidationException(Options.DefaultName, typeof(Program), failures);
        }
    }

    // The texts exist as zh-CN; someone with zh_TW, zh_HK or zh alone reads them better than English.
    private static void UseTerminalLanguage()
    {
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName is "zh")
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
        }
    }
}
