namespace HeyGemExport.BrowserTests;

/// <summary>What the pages say, as the person knows it. Written out here, so that a lost translation is noticed.</summary>
public sealed record Words(
    string Locale,
    string Library,
    string Pack,
    string CardTitle,
    string Confirm,
    string Cancel,
    string Videos,
    string TotalSize,
    string SpaceFree,
    string SpaceNeeded,
    string ExpectedTime,
    string About,
    string Waiting,
    string Packing,
    string Ready,
    string Failed,
    string Cancelled,
    string Download,
    string DownloadStarted,
    string CancelExport,
    string CancelInList,
    string SoftLimit,
    string PackAgain)
{
    public const string Zh = "zh-CN";

    public const string En = "en";

    private static readonly Words Chinese = new(
        Zh,
        Library: "结果历史",
        Pack: "📦 一键打包下载",
        CardTitle: "确认打包",
        Confirm: "点击打包后下载",
        Cancel: "取消",
        Videos: "视频数",
        TotalSize: "总大小",
        SpaceFree: "服务器剩余空间",
        SpaceNeeded: "服务器需要",
        ExpectedTime: "预计用时",
        About: "约 ",
        Waiting: "正在排队",
        Packing: "正在打包",
        Ready: "压缩包已就绪",
        Failed: "打包失败",
        Cancelled: "已取消",
        Download: "下载压缩包",
        DownloadStarted: "下载已自动开始",
        CancelExport: "取消打包",
        CancelInList: "取消",
        SoftLimit: "任务较大，请稍后再试",
        PackAgain: "重新打包");

    private static readonly Words EnglishWords = new(
        En,
        Library: "Library",
        Pack: "📦 Pack & download",
        CardTitle: "Pack these videos?",
        Confirm: "Pack, then download",
        Cancel: "Cancel",
        Videos: "Videos",
        TotalSize: "Total size",
        SpaceFree: "Space free",
        SpaceNeeded: "Space needed",
        ExpectedTime: "Expected time",
        About: "about ",
        Waiting: "Waiting for its turn",
        Packing: "Packing your videos",
        Ready: "Your archive is ready",
        Failed: "Packing failed",
        Cancelled: "Cancelled",
        Download: "Download",
        DownloadStarted: "The download has started.",
        CancelExport: "Cancel export",
        CancelInList: "Cancel",
        SoftLimit: "This is a large task. Please come back a little later.",
        PackAgain: "Pack again");

    public static Words Of(string locale) => locale == Zh ? Chinese : EnglishWords;
}
