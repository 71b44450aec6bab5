using System.CommandLine;
using HeyGemExport.Archives;
using HeyGemExport.Exports;

namespace HeyGemExport.Cli;

internal sealed record PackArguments(Selection Selection, PackOptions Options, string To, bool Json)
{
    private const string Store = "s3://";
    private const string Output = "-";

    /// <summary>Whether the archive goes to the standard output, where nothing else may go then.</summary>
    public bool ToOutput => string.Equals(To, Output, StringComparison.Ordinal);

    public UploadRequest? Upload =>
        To.StartsWith(Store, StringComparison.OrdinalIgnoreCase) && To[Store.Length..].Split('/', 2) is var parts
        ? new UploadRequest(parts[0], Prefix: parts.Length > 1 ? parts[1].Trim('/') : null)
        : null;

    public static Command Syntax(IStringLocalizer texts, Func<PackArguments, CancellationToken, Task<int>> run)
    {
        var command = new Command(PackCommand.Name, texts["Cli.pack"]);
        var batches = Add<string[]>("batch");
        var tags = Add<string[]>("tag");
        var paths = Add<string[]>("path");
        var query = Add<string?>("query");
        var all = Add<bool>("all");
        var to = Add<string>("to");
        var json = Add<bool>("json");
        var checksums = Add<bool>("checksums");
        var metadataCsv = Add<bool>("metadataCsv");
        var includeBroken = Add<bool>("includeBroken");
        var leaveOutFailing = Add<bool>("leaveOutFailing");
        var compression = Add<CompressionChoice>("compression");
        var maxPartBytes = Add<long?>("maxPartBytes");
        var instant = Add<bool>("instant");
        to.Required = true;
        maxPartBytes.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && (!long.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var bytes) || bytes <= 0))
            {
                result.AddError(texts["Cli.pack.maxPartBytes.wrong"]);
            }
        });
        command.Validators.Add(result =>
        {
            var isStream = string.Equals(result.GetValue(to), Output, StringComparison.Ordinal);
            if (result.GetValue(instant) != isStream || (isStream && result.GetValue(maxPartBytes) is not null))
            {
                result.AddError(texts["Cli.pack.instant.wrong"]);
            }
        });
        command.SetAction((words, cancellationToken) => run(
            new PackArguments(
                new Selection(
                    words.GetValue(all), words.GetValue(batches), words.GetValue(tags), words.GetValue(paths), words.GetValue(query)),
                new PackOptions(
                    words.GetValue(compression),
                    MetadataCsv: words.GetValue(metadataCsv),
                    Checksums: words.GetValue(checksums),
                    MaxPartBytes: words.GetValue(maxPartBytes),
                    IncludeBroken: words.GetValue(includeBroken),
                    LeaveOutFailing: words.GetValue(leaveOutFailing),
                    Delivery: words.GetValue(instant) ? Delivery.Instant : Delivery.Packed),
                words.GetValue(to)!,
                words.GetValue(json)),
            cancellationToken));
        return command;

        Option<T> Add<T>(string name)
        {
            // metadataCsv is --metadata-csv.
            var dashed = string.Concat(
                name.Select(letter => char.IsAsciiLetterUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}"));
            var option = new Option<T>("--" + dashed) { Description = texts["Cli.pack." + name] };
            command.Add(option);
            return option;
        }
    }
}
