using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using HeyGemExport.Accounts;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Health;
using HeyGemExport.Uploads;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Cli;

/// <summary><c>HeyGemExport pack</c>: packs from a shell, to a file or to object storage, on the code that the page uses.</summary>
internal static class PackCommand
{
    /// <summary>Runs what the words after <c>pack</c> ask for.</summary>
    /// <returns>An exit code, as documented in <c>docs/shell.md</c>.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, IReadOnlyList<string> words, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var texts = services.GetRequiredService<IStringLocalizer<HealthTexts>>();
        var syntax = new PackArguments.Syntax(texts);
        var parsed = syntax.Command.Parse([.. words.Where(word => !CommandLine.IsSetting(word))]);
        if (parsed.Errors.Count > 0 || parsed.Action is not null)
        {
            var asked = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors }, cancellationToken);
            return parsed.Errors.Count > 0 ? PackExit.Usage : asked;
        }

        var arguments = syntax.Read(parsed);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var outcome = await RunAsync(services, arguments, texts, stop.Token);
        await TellAsync(services, arguments, outcome, output, errors);
        return outcome.ExitCode;

        void Stop(PosixSignalContext signal)
        {
            // So that what is half done can be put away.
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<PackOutcome> RunAsync(IServiceProvider services, PackArguments arguments, IStringLocalizer texts, CancellationToken cancellationToken)
    {
        var progress = new PackProgress(texts, isShown: !arguments.Json && !Console.IsErrorRedirected);
        try
        {
            return await progress.ShowAsync(() => arguments.Choice is { } choice
                ? SendAsync(services, arguments, choice, progress, cancellationToken)
                : PackAsync(services, arguments, Path.GetFullPath(arguments.To), progress, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new PackOutcome(PackExit.Cancelled, Error: new ExportError("cancelled"));
        }
        catch (ObjectStoreException fault)
        {
            return new PackOutcome(PackExit.NotDelivered, Error: fault.Error);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return new PackOutcome(PackExit.Failed, Error: new ExportError("database-unavailable"));
        }
    }

    private static async Task<PackOutcome> PackAsync(IServiceProvider services, PackArguments arguments, string file, PackProgress progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var order = new DirectOrder(arguments.Selection, arguments.Options, Path.GetDirectoryName(file)!, Path.GetFileName(file));
        return await services.GetRequiredService<DirectPacking>().PackAsync(order, Shell, progress, cancellationToken) switch
        {
            DirectResult.Packed packed => new PackOutcome(PackExit.Ok, packed.Export),
            DirectResult.Refused refused => new PackOutcome(PackExit.Of(refused.Error), Error: refused.Error),
            DirectResult.Failed failed => new PackOutcome(PackExit.Of(failed.Error), Error: failed.Error),
            _ => throw new InvalidOperationException("Unknown outcome"),
        };
    }

    private static async Task<PackOutcome> SendAsync(IServiceProvider services, PackArguments arguments, UploadRequest choice, PackProgress progress, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<IExportUploads>().Refuse(choice) is { } wrong)
        {
            return new PackOutcome(PackExit.Usage, Error: wrong);
        }

        // A folder of its own: a server that keeps its archives beside it looks at none of this.
        var folder = services.GetRequiredService<ArchiveFolder>();
        var own = Path.Combine(folder.FullPath, "pack-" + ShortId.Create());
        try
        {
            var packed = await PackAsync(services, arguments, Path.Combine(own, folder.NameFor(ShortId.Create())), progress, cancellationToken);
            if (packed.Export is not { } export)
            {
                return packed;
            }

            progress.Send(export.ArchiveBytes ?? 0);
            return packed with { Delivery = await services.GetRequiredService<DirectUpload>().SendAsync(export, choice, Shell, progress, cancellationToken) };
        }
        finally
        {
            if (Directory.Exists(own))
            {
                Directory.Delete(own, recursive: true);
            }
        }
    }

    private static Caller Shell => Caller.System with { From = "shell" };

    private static async Task TellAsync(IServiceProvider services, PackArguments arguments, PackOutcome outcome, TextWriter output, TextWriter errors)
    {
        var words = services.GetRequiredService<UploadErrorTexts>();
        var exportWords = services.GetRequiredService<ExportErrorTexts>();
        if (arguments.Json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(PackReport.Of(outcome, words), ExportJson.Options));
        }
        else if (outcome.Error is { } error)
        {
            await errors.WriteLineAsync(words.Message(error, namesFolders: true));
            foreach (var issue in error.Files ?? [])
            {
                await errors.WriteLineAsync($"  {issue.Path}: {exportWords.Reason(issue)}");
            }

            await errors.WriteLineAsync(words.Remedy(error));
        }
        else
        {
            foreach (var part in PackReport.Of(outcome, words).Parts)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{part.Sha256}  {part.Address}"));
            }
        }
    }
}
