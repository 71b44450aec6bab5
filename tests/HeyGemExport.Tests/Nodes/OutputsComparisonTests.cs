using HeyGemExport.Library;
using HeyGemExport.Library.Tasks;
using HeyGemExport.Nodes;

namespace HeyGemExport.Tests.Nodes;

public sealed class OutputsComparisonTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero);

    private readonly OutputsComparison here = new();
    private readonly OutputsComparison there = new();
    private DateTimeOffset now = Start;

    [Fact]
    public void Nothing_is_known_before_both_have_looked()
    {
        Assert.Null(here.SeesTheSame(Other()));

        here.LookAt(LibrarySnapshot.Empty, now);

        Assert.Null(Compare(Library("a.mp4"), LibrarySnapshot.Empty));
    }

    [Fact]
    public void The_same_files_agree_in_whatever_order()
    {
        Assert.True(Compare(Library("a.mp4", "b.mp4"), Library("b.mp4", "a.mp4")));
        Assert.True(Compare(Library(), Library()));
    }

    [Theory]
    [InlineData("a.mp4")]
    [InlineData("a.mp4", "c.mp4")]
    [InlineData]
    public void Other_files_differ_at_the_first_look(params string[] others) =>
        Assert.False(Compare(Library("a.mp4", "b.mp4"), Library(others)));

    [Fact]
    public void The_same_paths_of_another_length_differ() => Assert.False(Compare(Library("a.mp4"), Library([Video("a.mp4", bytes: 2)])));

    [Fact]
    public void What_is_being_written_is_left_out()
    {
        Assert.True(Compare(Library("a.mp4"), Library([Video("a.mp4"), Video("new.mp4", age: TimeSpan.FromSeconds(5))])));
        Assert.True(Compare(Library("a.mp4"), Library([Video("a.mp4"), Video("old.mp4") with { State = VideoState.Writing }])));
    }

    [Fact]
    public void Who_agreed_before_differs_after_the_third_look_in_a_row()
    {
        Assert.True(Compare(Library("a.mp4"), Library("a.mp4")));

        Assert.True(Compare(Library(), Library("a.mp4")));
        Assert.True(Compare(Library(), Library("a.mp4")));
        Assert.True(Compare(Library(), Library()));
        Assert.True(Compare(Library(), Library("a.mp4")));
        Assert.True(Compare(Library(), Library("a.mp4")));
        Assert.False(Compare(Library(), Library("a.mp4")));
        Assert.True(Compare(Library(), Library()));
    }

    [Fact]
    public void The_same_look_counts_once()
    {
        Compare(Library("a.mp4"), Library("a.mp4"));
        Compare(Library(), Library("a.mp4"));

        for (var again = 0; again < 5; again++)
        {
            here.Compare([Other()]);
        }

        Assert.True(here.SeesTheSame(Other()));
    }

    [Fact]
    public void A_folder_that_is_away_is_compared_with_nothing()
    {
        Compare(Library("a.mp4"), Library("a.mp4"));
        now += TimeSpan.FromSeconds(10);

        here.LookAt(Library().With([], [], new VideoFault("outputs-missing"), new Dictionary<string, TaskList>()), now);

        Assert.Null(here.Own);
    }

    private bool? Compare(LibrarySnapshot ours, LibrarySnapshot theirs)
    {
        now += TimeSpan.FromSeconds(10);
        here.LookAt(ours, now);
        there.LookAt(theirs, now + TimeSpan.FromSeconds(4));
        here.Compare([Other()]);
        return here.SeesTheSame(Other());
    }

    private Node Other() => new()
    {
        Name = "other", Role = "both", Version = "1", Outputs = there.Own?.Outputs, OutputsAt = there.Own?.At,
    };

    private Video Video(string path, long bytes = 1, TimeSpan? age = null) =>
        new(path, bytes, age is { } young ? now - young : Start - TimeSpan.FromDays(1), VideoState.Ready);

    private LibrarySnapshot Library(params string[] paths) => Library([.. paths.Select(path => Video(path))]);

    private LibrarySnapshot Library(Video[] videos) =>
        LibrarySnapshot.Empty.With(videos, [], fault: null, new Dictionary<string, TaskList>()) with { ScannedAt = now };
}
