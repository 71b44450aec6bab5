namespace HeyGemExport.Archives;

internal sealed class ProgressMeter(IProgress<ArchiveProgress>? progress)
{
    private int files;
    private long bytes;

    public void Add(int count)
    {
        bytes += count;
        progress?.Report(new ArchiveProgress(files, bytes));
    }

    public void FileDone()
    {
        files++;
        progress?.Report(new ArchiveProgress(files, bytes));
    }
}
