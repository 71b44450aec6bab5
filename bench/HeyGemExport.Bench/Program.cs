using System.Globalization;
using HeyGemExport.Bench;

switch (args)
{
    case ["pack" or "pack-only", var folder, var archive]:
        await Pack.RunAsync(folder, archive, prove: args[0].Length == "pack".Length, CancellationToken.None);
        return 0;
    case ["compare", var workFolder, var gigabytes]:
        await Comparison.RunAsync(Path.GetFullPath(workFolder), double.Parse(gigabytes, CultureInfo.InvariantCulture), Environment.ProcessPath!, CancellationToken.None);
        return 0;
    default:
        await Console.Error.WriteLineAsync("compare <work folder> <gigabytes> | pack <folder> <archive> | pack-only <folder> <archive>");
        return 2;
}
