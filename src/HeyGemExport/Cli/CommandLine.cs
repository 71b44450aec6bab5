using System.CommandLine;
using System.Reflection;
using HeyGemExport.Accounts;
using HeyGemExport.Data;
using HeyGemExport.Health;

namespace HeyGemExport.Cli;

internal static class CommandLine
{
    public const int UsageError = 2;

    public static readonly Caller Caller = Caller.System with { From = "shell" };

    // A host that a test starts has the test runner as its entry point, and needs the exception instead of an exit code.
    private static bool IsOwnProcess => Assembly.GetEntryAssembly() == typeof(CommandLine).Assembly;

    /// <returns>The exit code; null when the arguments name no command and the app is to serve.</returns>
    /// <exception cref="SchemaTooNewException">Likewise.</exception>
    /// <exception cref="OptionsValidationException">Every error of every section; the app's own process writes them and exits.</exception>
    public static async Task<int?> RunAsync(WebApplication app, string[] args, CancellationToken cancellationToken)
    {
        UseTerminalLanguage();
        var texts = app.Services.GetRequiredService<IStringLocalizer<HealthTexts>>();
        try
        {
            if (IsCommand(args))
            {
                return await RunCommandAsync(app.Services, texts, args, cancellationToken);
            }

            Validate(app.Services);
            await app.Services.GetRequiredService<DataFolderLock>().AcquireAsync(cancellationToken);
            await app.Services.GetRequiredService<Database>().RefuseNewerSchemaAsync(cancellationToken);
            return null;
        }
        catch (DataFolderInUseException taken) when (IsOwnProcess)
        {
            Console.Error.WriteLine(texts["Cli.data-in-use", taken.Folder]);
            return 1;
        }
        catch (SchemaTooNewException newer) when (IsOwnProcess)
        {
            Console.Error.WriteLine(texts["Cli.newerSchema", newer.Version, newer.Known]);
            return 1;
        }
        catch (OptionsValidationException invalid) when (IsOwnProcess)
        {
            Console.Error.WriteLine(string.Join("\n  ", invalid.Failures.Prepend(texts["Cli.options"])));
            return 1;
        }
    }

    /// <summary>The arguments that configure the host. The options of <c>pack</c> are left out: the host would take the word after
    /// <c>--all</c>, which may be a setting, for its value.</summary>
    public static string[] SettingsIn(string[] args) => args is [PackCommand.Name, ..] ? [.. args.Where(IsSetting)] : args;

    private static async Task<int> RunCommandAsync(
        IServiceProvider services, IStringLocalizer texts, string[] args, CancellationToken cancellationToken)
    {
        if (args is ["--help" or "-h", ..])
        {
            Console.Out.WriteLine(texts["Cli.usage"]);
            return 0;
        }

        Func<IServiceProvider, IStringLocalizer, Command>[] commands =
            [CheckCommand.Create, HealthCommand.Create, PackCommand.Create, UserCommand.Create];
        var root = new RootCommand();
        Array.ForEach(commands, create => root.Add(create(services, texts)));
        var parsed = root.Parse([.. args.Where(word => !IsSetting(word))]);
        if (parsed.CommandResult.Command == root)
        {
            Console.Error.WriteLine($"{texts["Cli.unknown", args[0]]}\n{texts["Cli.usage"]}");
            return UsageError;
        }

        if (parsed.Errors.Count > 0)
        {
            await parsed.InvokeAsync(new InvocationConfiguration { Output = Console.Error }, cancellationToken);
            return UsageError;
        }

        // A service that is not ready may be so for want of a right configuration.
        if (parsed.CommandResult.Command.Name is not HealthCommand.Name)
        {
            Validate(services);
        }

        // SIGINT and SIGTERM cancel the command, which then cleans up.
        return await parsed.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Timeout.InfiniteTimeSpan },
            cancellationToken);
    }

    private static bool IsCommand(string[] args) => args is ["--help" or "-h", ..] || (args is [[not ('-' or '/'), ..], ..]);

    private static bool IsSetting(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) && word.Split('=', 2) is [var key, _]
        && (key.Contains(':', StringComparison.Ordinal) || key is "--contentRoot" or "--environment" or "--urls");

    // The host validates too, but only after it has built its services, and the first of them that reads a
    // wrong section would hide what is wrong in the others.
    private static void Validate(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (AggregateException errors) when (errors.InnerExceptions.All(error => error is OptionsValidationException))
        {
            // Options that take a value from a wrong section fail with that section's errors.
            var failures = errors.InnerExceptions.Cast<OptionsValidationException>()
                .SelectMany(error => error.Failures).Distinct(StringComparer.Ordinal);
            throw new OptionsValidationException(Options.DefaultName, typeof(Program), failures);
        }
    }

    // The texts exist as zh-CN; readers of zh_TW, zh_HK or zh alone prefer them to English.
    private static void UseTerminalLanguage()
    {
        if (CultureInfo.CurrentUICulture.TwoLetterISOLanguageName is "zh")
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
        }
    }
}
