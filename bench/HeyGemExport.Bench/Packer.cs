namespace HeyGemExport.Bench;

/// <summary>A program that packs a folder.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Arguments">With <c>{in}</c> for the folder and <c>{out}</c> for the result.</param>
/// <param name="IsSlow">Run once, and only while the machine is quiet.</param>
internal sealed record Packer(string Name, string Program, string[] Arguments, bool IsSlow = false)
{
    /// <summary>Copies without looking: the measure of all others.</summary>
    public const string Baseline = "Python zipfile, ZIP_STORED";

    /// <summary>What users have today: a short script.</summary>
    private const string PythonScript = """
        import os, sys, zipfile
        source, target, method = sys.argv[1:]
        with zipfile.ZipFile(target, "w", getattr(zipfile, method)) as archive:
            for folder, _, files in os.walk(source):
                for name in files:
                    path = os.path.join(folder, name)
                    archive.write(path, os.path.relpath(path, source))
        """;

    public bool IsInstalled => Path.IsPathRooted(Program) || Child.IsInstalled(Program);

    public static IReadOnlyList<Packer> All(string self) =>
    [
        new("The packer alone: pack, verify, flush, publish", self, ["pack", "{in}", "{out}"]),
        new("the same without verification", self, ["pack-unverified", "{in}", "{out}"]),
        new("Python zipfile, ZIP_DEFLATED", "python3", ["-c", PythonScript, "{in}", "{out}", "ZIP_DEFLATED"], IsSlow: true),
        new(Baseline, "python3", ["-c", PythonScript, "{in}", "{out}", "ZIP_STORED"]),
        new("zip -0", "zip", ["-q", "-0", "-r", "{out}", "{in}"]),
        new("7z -tzip -mx0", "7z", ["a", "-bso0", "-bsp0", "-tzip", "-mx0", "{out}", "{in}"]),
        new("cp -r", "cp", ["-r", "{in}", "{out}"]),
        new("cp -r, then flushed", "sh", ["-c", "cp -r \"$1\" \"$2\" && find \"$2\" -type f -exec sync -d {} +", "sh", "{in}", "{out}"]),
    ];

    public async Task<Measurement> RunAsync(string workFolder, string source, CancellationToken cancellationToken)
    {
        var target = Path.Combine(workFolder, "packed.zip");
        string[] arguments =
        [
            .. Arguments.Select(one =>
                one.Replace("{in}", source, StringComparison.Ordinal).Replace("{out}", target, StringComparison.Ordinal)),
        ];
        try
        {
            return new Measurement(Name, await Child.MeasureAsync(workFolder, Program, arguments, target, cancellationToken));
        }
        finally
        {
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            File.Delete(target);
        }
    }
}
