namespace HeyGemExport.Library.Tasks;

/// <summary>A video answers for one task only.</summary>
internal sealed class TaskMatching
{
    private readonly string batch;
    private readonly IReadOnlyList<Video> videos;
    private readonly Func<string, Video?> findInLibrary;
    private readonly Dictionary<string, Video> byFile = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<Video>> byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    private TaskMatching(string batch, IReadOnlyList<Video> videos, Func<string, Video?> findInLibrary)
    {
        (this.batch, this.videos, this.findInLibrary) = (batch, videos, findInLibrary);
        foreach (var video in videos)
        {
            byFile.TryAdd(VideoSearch.Compose(video.Path[FolderLength..]), video);
        }
    }

    private int FolderLength => string.Equals(batch, Video.Ungrouped, StringComparison.Ordinal) ? 0 : batch.Length + 1;

    /// <param name="findInLibrary">Finds any video by its path: the list of the ungrouped batch may name files in folders.</param>
    public static BatchTasks Match(string batch, TaskList list, IReadOnlyList<Video> videos, Func<string, Video?> findInLibrary) =>
        list.Issue is { } issue
            ? new BatchTasks(0, 0, 0, [], [], issue)
            : new TaskMatching(batch, videos, findInLibrary).Match(list.Tasks);

    private BatchTasks Match(IReadOnlyList<RenderTask> tasks)
    {
        var found = FindVideos(tasks);
        List<MissingTask> missing = [];
        for (var index = 0; index < tasks.Count; index++)
        {
            if (found[index]?.State != VideoState.Ready)
            {
                missing.Add(new MissingTask(tasks[index], found[index]?.State));
            }
        }

        return new BatchTasks(
            tasks.Count,
            tasks.Count - missing.Count,
            videos.Count(video => !taken.Contains(video.Path)),
            [.. missing.Take(BatchTasks.MaxNamed)],
            [.. missing.CountBy(task => task.Reason).OrderBy(count => count.Key)],
            Issue: null);
    }

    // Files first: what a line names exactly is not to be taken by another line's name.
    private Video?[] FindVideos(IReadOnlyList<RenderTask> tasks)
    {
        var found = new Video?[tasks.Count];
        for (var index = 0; index < tasks.Count; index++)
        {
            if (tasks[index].File is { } file && FindFile(file) is { } video && taken.Add(video.Path))
            {
                found[index] = video;
            }
        }

        QueueNames();
        for (var index = 0; index < tasks.Count; index++)
        {
            if (tasks[index].File is null)
            {
                found[index] = TakeNamed(tasks[index].Name);
            }
        }

        return found;
    }

    private Video? FindFile(string file) =>
        byFile.GetValueOrDefault(VideoSearch.Compose(file)) ?? (FolderLength == 0 ? findInLibrary(file) : null);

    private void QueueNames()
    {
        var free = videos.Where(video => !taken.Contains(video.Path)).OrderBy(video => video.State != VideoState.Ready).ToList();
        foreach (var video in free)
        {
            Queue(video.Name, video);
        }

        foreach (var video in free)
        {
            Queue(Path.GetFileNameWithoutExtension(video.Name), video);
        }
    }

    private void Queue(string name, Video video)
    {
        var key = VideoSearch.Compose(name);
        if (!byName.TryGetValue(key, out var queue))
        {
            byName[key] = queue = new Queue<Video>();
        }

        queue.Enqueue(video);
    }

    private Video? TakeNamed(string name)
    {
        if (byName.TryGetValue(VideoSearch.Compose(name), out var queue))
        {
            while (queue.TryDequeue(out var video))
            {
                if (taken.Add(video.Path))
                {
                    return video;
                }
            }
        }

        return null;
    }
}
