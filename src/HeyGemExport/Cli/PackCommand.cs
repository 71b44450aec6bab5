using System.CommandLine;
using System.Text.Json;
using HeyGemExport.Data;
using HeyGemExport.Exports;
using HeyGemExport.Hosting;
using HeyGemExport.Uploads;

namespace HeyGemExport.Cli;

/// <summary><c>HeyGemExport pack</c>: packs from a shell, to a file or to object storage, on the code that the page uses.</summary>
internal static class PackCommand
{
    public const string Name = "pack";

    public static Command Create(IServiceProvider services, IStringLocalizer texts) =>
        PackArguments.Syntax(texts, async (arguments, cancellationToken) =>
    {
        var outcome = await RunAsync(services, arguments, texts, cancellationToken);
        Report(services, arguments, outcome);
        return outcome.ExitCode;
    });

    private static async Task<PackOutcome> RunAsync(
        IServiceProvider services, PackArguments arguments, IStringLocalizer texts, CancellationToken cancellationToken)
    {
        var progress = new PackProgress(texts, isShown: !arguments.Json && !Console.IsErrorRedirected);
        try
        {
            return await progress.ShowAsync(() => arguments.ToOutput
                ? StreamAsync(services, arguments, progress, cancellationToken)
                : arguments.Upload is { } upload
                ? UploadAsync(services, arguments, upload, progress, cancellationToken)
                : PackAsync(services, arguments, Path.GetFullPath(arguments.To), progress, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new PackOutcome(PackExit.Cancelled, Error: new ExportError("cancelled"));
        }
        catch (ObjectStoreException exception)
        {
            return new PackOutcome(PackExit.NotDelivered, Error: exception.Error);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            return new PackOutcome(PackExit.Failed, Error: new ExportError("database-unavailable"));
        }
    }

    private static async Task<PackOutcome> PackAsync(
        IServiceProvider services, PackArguments arguments, string file, PackProgress progress, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(file)!);
        var order = new DirectOrder(arguments.Selection, arguments.Options, Path.GetDirectoryName(file)!, Path.GetFileName(file));
        return OutcomeOf(
            await services.GetRequiredService<DirectPacking>().PackAsync(order, CommandLine.Caller, progress, cancellationToken));
    }

    private static async Task<PackOutcome> StreamAsync(
        IServiceProvider services, PackArguments arguments, PackProgress progress, CancellationToken cancellationToken)
    {
        await using var output = Console.OpenStandardOutput();
        var folder = services.GetRequiredService<ArchiveFolder>();
        var order = new DirectOrder(arguments.Selection, arguments.Options, folder.TempPath, folder.NameFor(ShortId.Create()));
        return OutcomeOf(await services.GetRequiredService<DirectPacking>()
            .StreamAsync(order, CommandLine.Caller, output, progress, cancellationToken));
    }

    private static PackOutcome OutcomeOf(DirectResult result) => result switch
    {
        DirectResult.Packed packed => new PackOutcome(PackExit.Ok, packed.Export),
        DirectResult.Refused refused => new PackOutcome(PackExit.Of(refused.Error), Error: refused.Error),
        DirectResult.Failed failed => new PackOutcome(PackExit.Of(failed.Error), Error: failed.Error),
        _ => throw new InvalidOperationException("Unknown outcome"),
    };

    private static async Task<PackOutcome> UploadAsync(
        IServiceProvider services, PackArguments arguments, UploadRequest upload, PackProgress progress,
        CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<IExportUploads>().Refuse(upload, CommandLine.Caller) is { } refusal)
        {
            return new PackOutcome(PackExit.Usage, Error: refusal);
        }

        // A folder of its own, which a server with archives beside it leaves alone.
        var folder = services.GetRequiredService<ArchiveFolder>();
        var own = Path.Combine(folder.Open(), "pack-" + ShortId.Create());
        try
        {
            var packed = await PackAsync(
                services, arguments, Path.Combine(own, folder.NameFor(ShortId.Create())), progress, cancellationToken);
            if (packed.Export is not { } export)
            {
                return packed;
            }

            progress.Send(export.ArchiveBytes ?? 0);
            var uploads = services.GetRequiredService<DirectUpload>();
            return packed with { Upload = await uploads.SendAsync(export, upload, CommandLine.Caller, progress, cancellationToken) };
        }
        finally
        {
            if (Directory.Exists(own))
            {
                Directory.Delete(own, recursive: true);
            }
        }
    }

    private static void Report(IServiceProvider services, PackArguments arguments, PackOutcome outcome)
    {
        var texts = services.GetRequiredService<UploadErrorTexts>();
        var report = PackReport.Of(outcome, texts);
        if (arguments.Json)
        {
            (arguments.ToOutput ? Console.Error : Console.Out).WriteLine(JsonSerializer.Serialize(report, ExportJson.Options));
        }
        else if (outcome.Error is { } error)
        {
            var reasons = services.GetRequiredService<ExportErrorTexts>();
            IEnumerable<string> files = (error.Files ?? []).Select(issue => $"  {issue.Path}: {reasons.Reason(issue)}");
            Console.Error.WriteLine(
                string.Join(Environment.NewLine, [texts.Message(error, namesFolders: true), .. files, texts.Remedy(error)]));
        }
        else if (!arguments.ToOutput)
        {
            foreach (var part in report.Parts)
            {
                Console.Out.WriteLine($"{part.Sha256}  {part.Address}");
            }
        }
    }
}
