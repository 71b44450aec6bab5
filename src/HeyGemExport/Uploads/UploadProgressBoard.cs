using HeyGemExport.Jobs;

namespace HeyGemExport.Uploads;

internal sealed class UploadProgressBoard(TimeProvider time) : ProgressBoard(time)
{
    public IProgress<long> Begin(string id, long arrivedBytes) => Begin(id, UploadState.Sending, arrivedBytes);

    public Upload Freshen(Upload upload)
    {
        if (PhaseOf(upload.Id, upload.State) is not { } phase)
        {
            return upload;
        }

        var done = Math.Min(phase.Latest.DoneBytes, upload.TotalBytes);
        return upload with
        {
            DoneBytes = done,
            BytesPerSecond = phase.BytesPerSecond,
            EtaSeconds = phase.BytesPerSecond is > 0 and var speed ? (upload.TotalBytes - done) / speed : null,
        };
    }
}
