namespace HeyGemExport.Jobs;

/// <summary>Tells Hangfire that an export has failed, and why; the record knows it already.</summary>
internal sealed class ExportFailedException(string reason) : Exception(reason);
