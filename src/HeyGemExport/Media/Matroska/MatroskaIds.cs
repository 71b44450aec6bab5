namespace HeyGemExport.Media.Matroska;

/// <summary>Ids of elements (RFC 9559, 5.1; RFC 8794, 11).</summary>
internal static class MatroskaIds
{
    public const uint Header = 0x1A45DFA3;
    public const uint DocType = 0x4282;
    public const uint Void = 0xEC;
    public const uint Crc = 0xBF;

    public const uint Segment = 0x18538067;
    public const uint SeekHead = 0x114D9B74;
    public const uint Info = 0x1549A966;
    public const uint Tracks = 0x1654AE6B;
    public const uint Cluster = 0x1F43B675;
    public const uint Cues = 0x1C53BB6B;
    public const uint Attachments = 0x1941A469;
    public const uint Chapters = 0x1043A770;
    public const uint Tags = 0x1254C367;

    public const uint TimestampScale = 0x2AD7B1;
    public const uint Duration = 0x4489;

    public const uint TrackEntry = 0xAE;
    public const uint TrackNumber = 0xD7;
    public const uint TrackType = 0x83;
    public const uint DefaultDuration = 0x23E383;
    public const uint CodecId = 0x86;
    public const uint CodecPrivate = 0x63A2;
    public const uint Video = 0xE0;
    public const uint PixelWidth = 0xB0;
    public const uint PixelHeight = 0xBA;
    public const uint Audio = 0xE1;
    public const uint BitDepth = 0x6264;

    public const uint Timestamp = 0xE7;
    public const uint SimpleBlock = 0xA3;
    public const uint BlockGroup = 0xA0;
    public const uint Block = 0xA1;

    /// <summary>Whether an element stands in a segment, and so ends a cluster whose length is open.</summary>
    public static bool IsOfSegment(uint id) => id is SeekHead or Info or Tracks or Cluster or Cues or Attachments or Chapters or Tags;

    /// <summary>Whether an element stands in a cluster (Position, PrevSize, SilentTracks and EncryptedBlock among others).</summary>
    public static bool IsOfCluster(uint id) =>
        id is Timestamp or SimpleBlock or BlockGroup or 0xA7 or 0xAB or 0x5854 or 0xAF or Void or Crc;
}
