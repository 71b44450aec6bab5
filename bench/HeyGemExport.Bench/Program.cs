using System.Globalization;
using HeyGemExport.Bench;

switch (args)
{
    case ["pack", var folder, var archive]:
        await Pack.RunAsync(folder, archive, PackSteps.Sum | PackSteps.Verify, CancellationToken.None);
        return 0;
    case ["pack-unverified", var folder, var archive]:
        await Pack.RunAsync(folder, archive, PackSteps.Sum, CancellationToken.None);
        return 0;
    case ["pack-bare", var folder, var archive]:
        await Pack.RunAsync(folder, archive, PackSteps.None, CancellationToken.None);
        return 0;
    case ["spin"]:
        Load.Spin();
        return 0;
    case ["compare", var workFolder, var gigabytes, var rounds]:
        var culture = CultureInfo.InvariantCulture;
        await new Comparison(Path.GetFullPath(workFolder), int.Parse(rounds, culture), Environment.ProcessPath!, CancellationToken.None)
            .RunAsync(double.Parse(gigabytes, culture));
        return 0;
    default:
        await Console.Error.WriteLineAsync(
            "compare <work folder> <gigabytes> <rounds> | pack, pack-unverified or pack-bare <folder> <archive> | spin");
        return 2;
}
