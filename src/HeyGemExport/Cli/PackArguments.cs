using System.CommandLine;
using HeyGemExport.Archives;
using HeyGemExport.Exports;
using Microsoft.Extensions.Localization;

namespace HeyGemExport.Cli;

/// <summary>What a person asks for with <c>HeyGemExport pack</c>.</summary>
/// <param name="Selection">What to pack.</param>
/// <param name="Options">How.</param>
/// <param name="To">A file's path, or <c>s3://destination/prefix</c>.</param>
/// <param name="Json">Whether a program reads the outcome.</param>
internal sealed record PackArguments(Selection Selection, PackOptions Options, string To, bool Json)
{
    private const string Store = "s3://";

    /// <summary>Where to send it; null when it goes to a file.</summary>
    public UploadRequest? Choice => To.StartsWith(Store, StringComparison.OrdinalIgnoreCase) && To[Store.Length..].Split('/', 2) is var parts
        ? new UploadRequest(parts[0], Prefix: parts.Length > 1 ? parts[1].Trim('/') : null)
        : null;

    /// <summary>The command as the parser knows it.</summary>
    internal sealed class Syntax
    {
        private readonly Option<string[]> batches;
        private readonly Option<string[]> tags;
        private readonly Option<string[]> paths;
        private readonly Option<string?> query;
        private readonly Option<bool> all;
        private readonly Option<string> to;
        private readonly Option<bool> json;
        private readonly Option<bool> checksums;
        private readonly Option<bool> metadataCsv;
        private readonly Option<bool> includeBroken;
        private readonly Option<bool> leaveOutFailing;
        private readonly Option<CompressionChoice> compression;
        private readonly Option<long?> maxPartBytes;

        public Syntax(IStringLocalizer texts)
        {
            batches = new("--batch") { Description = texts["Cli.pack.batch"] };
            tags = new("--tag") { Description = texts["Cli.pack.tag"] };
            paths = new("--path") { Description = texts["Cli.pack.path"] };
            query = new("--query") { Description = texts["Cli.pack.query"] };
            all = new("--all") { Description = texts["Cli.pack.all"] };
            to = new("--to") { Description = texts["Cli.pack.to"], Required = true };
            json = new("--json") { Description = texts["Cli.pack.json"] };
            checksums = new("--checksums") { Description = texts["Cli.pack.checksums"] };
            metadataCsv = new("--metadata-csv") { Description = texts["Cli.pack.metadataCsv"] };
            includeBroken = new("--include-broken") { Description = texts["Cli.pack.includeBroken"] };
            leaveOutFailing = new("--leave-out-failing") { Description = texts["Cli.pack.leaveOutFailing"] };
            compression = new("--compression") { Description = texts["Cli.pack.compression"] };
            maxPartBytes = new("--max-part-bytes") { Description = texts["Cli.pack.maxPartBytes"] };
            maxPartBytes.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && (!long.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var bytes) || bytes <= 0))
                {
                    result.AddError(texts["Cli.pack.maxPartBytes.wrong"]);
                }
            });
            Command = new RootCommand(texts["Cli.pack"]) { batches, tags, paths, query, all, to, json, checksums, metadataCsv, includeBroken, leaveOutFailing, compression, maxPartBytes };
        }

        /// <summary>For help and errors.</summary>
        public RootCommand Command { get; }

        /// <summary>What the words ask for.</summary>
        public PackArguments Read(ParseResult words) => new(
            new Selection(words.GetValue(all), words.GetValue(batches), words.GetValue(tags), words.GetValue(paths), words.GetValue(query)),
            new PackOptions(
                words.GetValue(compression),
                MetadataCsv: words.GetValue(metadataCsv),
                Checksums: words.GetValue(checksums),
                MaxPartBytes: words.GetValue(maxPartBytes),
                IncludeBroken: words.GetValue(includeBroken),
                LeaveOutFailing: words.GetValue(leaveOutFailing)),
            words.GetValue(to)!,
            words.GetValue(json));
    }
}
