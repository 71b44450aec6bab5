namespace HeyGemExport.Bench;

/// <summary>One way to pack a folder.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Program">What runs.</param>
/// <param name="Arguments">With <c>{in}</c> for the folder and <c>{out}</c> for the result.</param>
/// <param name="EveryRound">Whether it is run in each round; the slow ones are run in the first only.</param>
internal sealed record Contender(string Name, string Program, string[] Arguments, bool EveryRound = true)
{
    public const string Ours = "HeyGem Export: pack, prove, flush, publish";

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

    public static IReadOnlyList<Contender> All(string self) =>
    [
        new(Ours, self, ["pack", "{in}", "{out}"]),
        new("the same without the proof", self, ["pack-unproved", "{in}", "{out}"]),
        new("the same without the proof and the archive's sum", self, ["pack-bare", "{in}", "{out}"]),
        new("Python zipfile, ZIP_DEFLATED", "python3", ["-c", PythonScript, "{in}", "{out}", "ZIP_DEFLATED"], EveryRound: false),
        new("Python zipfile, ZIP_STORED", "python3", ["-c", PythonScript, "{in}", "{out}", "ZIP_STORED"]),
        new("zip -0", "zip", ["-q", "-0", "-r", "{out}", "{in}"]),
        new("7z -tzip -mx0", "7z", ["a", "-bso0", "-bsp0", "-tzip", "-mx0", "{out}", "{in}"]),
        new("cp -r", "cp", ["-r", "{in}", "{out}"]),
        new("cp -r, then flushed as ours is", "sh", ["-c", "cp -r \"$1\" \"$2\" && find \"$2\" -type f -exec sync -d {} +", "sh", "{in}", "{out}"]),
    ];

    public string[] ArgumentsFor(string source, string target) =>
        [.. Arguments.Select(argument => argument.Replace("{in}", source, StringComparison.Ordinal).Replace("{out}", target, StringComparison.Ordinal))];
}
