using System.Globalization;
using HeyGemExport.Bench;

switch (args)
{
    case ["pack", var folder, var archive]:
        await Pack.RunAsync(folder, archive, PackSteps.Sum | PackSteps.Prove, CancellationToken.None);
        return 0;
    case ["pack-unproved", var folder, var archive]:
        await Pack.RunAsync(folder, archive, PackSteps.Sum, CancellationToken.None);
        return 0;
    case ["pack-bare", var folder, var archive]:
        await Pack.RunAsync(folder, archive, PackSteps.None, CancellationToken.None);
        return 0;
    case ["compare", var workFolder, var gigabytes]:
        await Comparison.RunAsync(Path.GetFullPath(workFolder), double.Parse(gigabytes, CultureInfo.InvariantCulture), Environment.ProcessPath!, CancellationToken.None);
        return 0;
    default:
        await Console.Error.WriteLineAsync("compare <work folder> <gigabytes> | pack <folder> <archive> | pack-unproved <folder> <archive> | pack-bare <folder> <archive>");
        return 2;
}
