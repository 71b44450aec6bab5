namespace HeyGemExport.Library;

/// <summary>What is in the outputs folder now. Kept up to date in the background; reading it costs nothing.</summary>
public sealed class LibraryIndex
{
    /// <summary>What the last scan found.</summary>
    public LibrarySnapshot Current => throw new NotImplementedException();

    /// <summary>Scans now, and returns what it found. Calls at the same time share one scan that began after the call.</summary>
    public Task<LibrarySnapshot> RefreshAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One page of the videos that match.</summary>
    public VideoPage Query(VideoQuery query) => throw new NotImplementedException();

    /// <summary>All videos whose path contains every word of a search, without case.</summary>
    public IEnumerable<Video> Search(string text) => throw new NotImplementedException();

    /// <summary>Examines one video anew, now: its state as of this moment, or null when it is no longer listed.</summary>
    public Task<Video?> ExamineAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();
}
