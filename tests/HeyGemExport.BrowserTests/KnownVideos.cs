using HeyGemExport.FileSystem;
using HeyGemExport.Library;
using HeyGemExport.Library.Fingerprints;

namespace HeyGemExport.BrowserTests;

/// <summary>Fingerprints of all videos, as if each had been read when it was finished.</summary>
internal static class KnownVideos
{
    public static async Task LearnAsync(ExportApp app)
    {
        var library = await app.Get<LibraryIndex>().RefreshAsync(CancellationToken.None);
        List<Fingerprint> known = [];
        foreach (var video in library.Videos)
        {
            using var file = File.OpenHandle(Path.Combine(app.Outputs, video.Path));
            var sums = await FileSums.ComputeAsync(file, inBackground: false, CancellationToken.None);
            known.Add(new(video.Path, video.Bytes, video.ModifiedAt, OutputsRoot.Identify(file)!.Content, sums.Sha256, sums.Crc32));
        }

        await app.Get<FingerprintStore>().KeepAsync(known, CancellationToken.None);
    }
}
