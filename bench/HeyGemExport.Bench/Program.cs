using HeyGemExport.Bench;
var sw = System.Diagnostics.Stopwatch.StartNew();
await Pack.RunAsync(args[0], args[1], string.Equals(args[2], "prove", StringComparison.Ordinal), CancellationToken.None);
Console.WriteLine($"{sw.Elapsed.TotalSeconds:F2}");
