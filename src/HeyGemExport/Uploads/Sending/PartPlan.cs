namespace HeyGemExport.Uploads.Sending;

/// <param name="PartBytes">Length of every part but the last.</param>
internal readonly record struct PartPlan(long Bytes, long PartBytes)
{
    /// <summary>The most parts of an object (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html).</summary>
    public const int MaxParts = 10_000;

    private const long Mebibyte = 1L << 20;

    /// <summary>Parts of the wanted length, or of the next whole mebibytes with which the object has no more than 10,000 of them.</summary>
    public static PartPlan For(long bytes, long wanted)
    {
        var least = (bytes + MaxParts - 1) / MaxParts;
        return new PartPlan(bytes, Math.Max(wanted, (least + Mebibyte - 1) / Mebibyte * Mebibyte));
    }

    public int Count => (int)Math.Max(1, (Bytes + PartBytes - 1) / PartBytes);
    public bool IsWhole => Bytes <= PartBytes;

    public long OffsetOf(int number) => (number - 1) * PartBytes;

    public int LengthOf(int number) => (int)Math.Min(PartBytes, Bytes - OffsetOf(number));
}
