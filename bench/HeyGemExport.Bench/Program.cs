using System.Globalization;
using HeyGemExport.Bench;

switch (args)
{
    case ["pack", var folder, var archive]:
        await Pack.RunAsync(folder, archive, verify: true, CancellationToken.None);
        return 0;
    case ["pack-unverified", var folder, var archive]:
        await Pack.RunAsync(folder, archive, verify: false, CancellationToken.None);
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
            "compare <work folder> <gigabytes> <rounds> | pack or pack-unverified <folder> <archive> | spin");
        return 2;
}
