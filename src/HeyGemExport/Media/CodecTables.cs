using System.Collections.Frozen;

namespace HeyGemExport.Media;

/// <summary>
/// Each text: what FFmpeg calls a codec, then what containers call it, with <c>_</c> for a space. From the registries: mp4ra.org, the
/// QuickTime File Format, Microsoft's FOURCC list and <c>mmreg.h</c>, RFC 9559 and matroska.org; checked against what ffprobe 5.1
/// answers for each of them.
/// </summary>
internal static class CodecTables
{
    /// <summary>Types of sample entries of pictures (MP4, QuickTime).</summary>
    public static FrozenDictionary<string, string> IsoPictures { get; } = Table(
    [
        "rawvideo raw_ yuv2 2vuy yuvs L555 L565 B565 24BG BGRA RGBA ABGR b16g b48r b64a bxbg bxrg bxyv NO16 DVOO R420 R411 WRAW",
        "rawvideo AV1x AVup BGGR", "r10k R10k R10g", "r210 r210", "avui AVUI", "avrp AVrp SUDS", "v210 v210 bxy2", "v308 v308",
        "v408 v408", "v410 v410", "y41p Y41P", "yuv4 yuv4", "targa_y216 Y216", "mjpeg jpeg mjpa AVDJ AVRn dmb1", "mjpegb mjpb",
        "svq1 SVQ1 svqi", "svq3 SVQ3", "mpeg4 mp4v DIVX XVID 3IV2", "h263 h263 s263",
        "dvvideo dvcp dvc_ dvlp dvl_ dvpp dv5p dv5n AVdv AVd1 dvhq dvhp dvh1 dvh2 dvh4 dvh5 dvh6 dvh3", "vp3 VP31", "rpza rpza",
        "cinepak cvid", "8bps 8BPS", "smc smc_", "qtrle rle_", "sgirle rle1", "msrle WRLE", "qdraw qdrw", "cdtoons QkBk",
        "hevc hev1 hvc1 dvhe",
        "h264 avc1 avc2 avc3 avc4 ai5p ai5q ai52 ai53 ai55 ai56 ai1p ai1q ai12 ai13 ai15 ai16 AVin aivx rv64 xalg avlg dva1",
        "h264 dvav", "vp8 vp08", "vp9 vp09", "av1 av01", "mpeg1video m1v_ m1v1 mpeg mp1v",
        "mpeg2video m2v1 hdv1 hdv2 hdv3 hdv4 hdv5 hdv6 hdv7 hdv8 hdv9 hdva mx5n mx5p mx4n mx4p mx3n mx3p xd51 xd54 xd55 xd59",
        "mpeg2video xd5a xd5b xd5c xd5d xd5e xd5f xdv1 xdv2 xdv3 xdv4 xdv5 xdv6 xdv7 xdv8 xdv9 xdva xdvb xdvc xdvd xdve xdvf",
        "mpeg2video xdhd xdh2 AVmp mp2v", "jpeg2000 mjp2", "targa tga_", "tiff tiff", "gif gif_", "png png_ MNG_", "vc1 vc-1",
        "cavs avs2", "dirac drac", "dnxhd AVdn AVdh", "msmpeg4v3 3IVD", "sgi sgi_", "dpx dpx_", "exr exr_",
        "prores apch apcn apcs apco ap4h ap4x", "flic flic", "aic icod", "hap Hap1 Hap5 HapY HapA HapM", "dxv DXD3 DXDI",
        "magicyuv M0R0 M0RA M0RG M0Y0 M0Y2 M0Y4 M8RG M8RA M8G0 M8Y0 M8Y2 M8Y4 M8YA M2RA M2RG",
        "sheervideo Shr0 Shr1 Shr2 Shr3 Shr4 Shr5 Shr6 Shr7", "pixlet pxlt", "notchlc nclc",
    ]);

    /// <summary>Types of sample entries of sound (MP4, QuickTime).</summary>
    public static FrozenDictionary<string, string> IsoSounds { get; } = Table(
    [
        "aac mp4a", "ac3 ac-3 sac3", "adpcm_ima_qt ima4", "alac alac", "amr_nb samr", "amr_wb sawb", "dts dtsc dtsh dtsl dtse DTS_",
        "eac3 ec-3", "dvaudio vdva dvca", "gsm agsm", "ilbc ilbc", "mace3 MAC3", "mace6 MAC6", "mp1 .mp1", "mp2 .mp2", "mp3 .mp3 mp3_",
        "nellymoser nmos NELL", "pcm_alaw alaw", "pcm_f32be fl32", "pcm_f64be fl64", "pcm_mulaw ulaw", "pcm_s16be twos lpcm ipcm",
        "pcm_s16le sowt", "pcm_s24be in24", "pcm_s32be in32", "pcm_u8 raw_ NONE", "qcelp Qclp Qclq sqcp", "qdm2 QDM2", "qdmc QDMC",
        "speex spex SPXN", "evrc sevc", "smv ssmv", "flac fLaC", "truehd mlpa", "opus Opus", "mpegh_3d_audio mhm1",
    ]);

    /// <summary>FourCCs of pictures (AVI, and Matroska tracks that hold what AVI holds).</summary>
    public static FrozenDictionary<string, string> RiffPictures { get; } = Table(
    [
        "h264 H264 X264 avc1 DAVC SMV2 VSSH Q264 V264 GAVC UMSV tshd INMC", "h263 H263 X263 T263 L263 VX1K ZyGo M263 lsvm U263 VSM4",
        "h263i I263", "h261 H261",
        "mpeg4 FMP4 DIVX DX50 XVID MP4S M4S2 ZMP4 DIV1 BLZ0 mp4v UMP4 WV1F SEDG RMP4 3IV2 WAWV FFDS FVFW DCOD MVXM PM4V SMP4",
        "mpeg4 DXGM VIDM M4T3 GEOX G264 HDX4 DM4V DMK2 DYM4 DIGI EPHV EM4A M4CC SN40 VSPX ULDX GEOV SIPP SM4V XVIX DreX QMP4",
        "mpeg4 PLV1 GLV4 GMP4 MNM4 GTM4", "msmpeg4v3 MP43 DIV3 MPG3 DIV5 DIV6 DIV4 DVX3 AP41 COL1 COL0", "msmpeg4v2 MP42 DIV2",
        "msmpeg4v1 MPG4 MP41", "wmv1 WMV1", "wmv2 WMV2 GXVE",
        "dvvideo dvsd dvhd dvh1 dvsl dv25 dv50 cdvc CDVH CDV5 dvc_ dvcs dvis pdvc SL25 SLDV AVd1",
        "mpeg1video mpg1 PIM1 BW10 XMPG", "mpeg2video VCR2 mpg2 MPEG PIM2 DVR_ MMES LMP2 slif EM2V M701 M702 M703 M704 M705 mpgv",
        "mjpeg AVRn MJPG MSC2 LJPG dmb1 mjpa JR24 JPGL jpeg IJPG ACDV QIVG SLMJ CJPG IJLV MVJP AVI1 AVI2 MTSJ ZJPG MMJP", "jpegls MJLS",
        "huffyuv HFYU", "ffvhuff FFVH", "cyuv CYUV",
        "rawvideo I420 YUY2 Y422 V422 YUNV UYNV UYNY uyv1 2Vu1 2vuy yuvs yuv2 P422 YV12 YV16 YV24 UYVY VYUY IYUV Y800 Y8__ HDYC",
        "rawvideo YVU9 VDTZ Y411 NV12 NV21 Y41B Y42B YUV9 auv2 YVYU YUYV I410 I411 I422 I440 I444 J420 J422 J440 J444 YUVA I40A",
        "rawvideo I42A RGB2 RV15 RV16 RV24 RV32 RGBA AV32 GREY I09L I09B I29L I29B I49L I49B I0AL I0AB I2AL I2AB I4AL I4AB I4FL",
        "rawvideo I4FB I0CL I0CB I2CL I2CB I4CL I4CB I0FL I0FB", "frwu FRWU", "r10k R10k", "r210 r210", "v210 v210 C210", "v308 v308",
        "v408 v408", "ayuv AYUV", "v410 v410", "yuv4 yuv4", "indeo3 IV31 IV32", "indeo4 IV41", "indeo5 IV50", "vp3 VP31 VP30",
        "vp4 VP40", "vp5 VP50", "vp6 VP60 VP61 VP62", "vp6a VP6A", "vp6f VP6F FLV4", "vp7 VP70 VP71", "vp8 VP80", "vp9 VP90",
        "asv1 ASV1", "asv2 ASV2", "vcr1 VCR1", "ffv1 FFV1", "xan_wc4 Xxan", "mimic LM20", "msrle mrle", "msvideo1 MSVC CRAM WHAM",
        "cinepak cvid", "truemotion1 DUCK PVEZ", "mszh MSZH", "zlib ZLIB", "snow SNOW", "4xm 4XMV", "flv1 FLV1 S263", "flashsv FSV1",
        "svq1 svq1", "tscc tscc", "ulti ULTI", "vixl VIXL", "qpeg QPEG Q1.0 Q1.1", "wmv3 WMV3", "wmv3image WMVP", "vc1 WVC1 WMVA",
        "vc1image WVP2", "loco LOCO", "wnv1 WNV1 YUV8", "aasc AAS4 AASC", "indeo2 RT21", "fraps FPS1", "theora theo",
        "truemotion2 TM20", "truemotion2rt TR20", "cscd CSCD", "zmbv ZMBV", "kmvc KMVC", "cavs CAVS", "avs2 AVS2",
        "jpeg2000 mjp2 MJ2C LJ2C LJ2K IPJ2 AVj2", "vmnc VMnc", "targa tga_", "png MPNG PNG1 png_", "cljr CLJR", "dirac drac",
        "rpza azpr RPZA", "sp5x SP54", "aura AURA", "aura2 AUR2", "dpx dpx_", "kgv1 KGV1", "lagarith LAGS", "amv AMVF",
        "utvideo ULRA ULRG ULY0 ULY2 ULY4 ULH0 ULH2 ULH4 UQY0 UQY2 UQRA UQRG UMY2 UMH2 UMY4 UMH4 UMRA UMRG", "vble VBLE",
        "escape130 E130", "dxtory xtor", "zerocodec ZECO", "y41p Y41P", "flic AFLC", "mss1 MSS1", "msa1 MSA1", "tscc2 TSC2",
        "mts2 MTS2", "cllc CLLC", "mss2 MSS2", "svq3 SVQ3", "012v 012v a12v", "g2m G2M2 G2M3 G2M4 G2M5", "fic FICV", "hqx CHQX",
        "tdsc TDSC", "hq_hqa CUVC", "rv40 RV40", "screenpresso SPV1", "rscc RSCC ISCC", "cfhd CFHD", "m101 M101 M102",
        "magicyuv MAGY M8RG M8RA M8G0 M8Y0 M8Y2 M8Y4 M8YA M0RA M0RG M0G0 M0Y0 M0Y2 M0Y4 M2RA M2RG", "ylc YLC0",
        "speedhq SHQ0 SHQ1 SHQ2 SHQ3 SHQ4 SHQ5 SHQ7 SHQ9", "fmvc FMVC", "scpr SCPR", "clearvideo UCOD", "av1 AV01", "mscc MSCC",
        "srgc SRGC", "imm4 IMM4", "prosumer BT20", "mwsc MWSC", "wcmv WCMV", "rasc RASC", "hymt HYMT", "arbc ARBC",
        "agm AGM0 AGM1 AGM2 AGM3 AGM4 AGM5 AGM6 AGM7", "lscr LSCR", "imm5 IMM5", "mvdv MVDV", "mvha MVHA", "mv30 MV30", "notchlc nlc1",
    ]);

    /// <summary>Format tags of <c>WAVEFORMATEX</c>.</summary>
    public static FrozenDictionary<int, string> WaveFormats { get; } = new Dictionary<int, string>
    {
        [0x2] = "adpcm_ms", [0x6] = "pcm_alaw", [0x7] = "pcm_mulaw", [0x6C75] = "pcm_mulaw", [0xA] = "wmavoice",
        [0x10] = "adpcm_ima_oki", [0x17] = "adpcm_ima_oki", [0x11] = "adpcm_ima_wav", [0x69] = "adpcm_ima_wav", [0x20] = "adpcm_yamaha",
        [0x22] = "truespeech", [0x1501] = "truespeech", [0x31] = "gsm_ms", [0x32] = "gsm_ms", [0x1500] = "gsm_ms", [0x38] = "amr_nb",
        [0x57] = "amr_nb", [0x42] = "g723_1", [0x111] = "g723_1", [0xA100] = "g723_1", [0x45] = "adpcm_g726", [0x14] = "adpcm_g726",
        [0x40] = "adpcm_g726", [0x64] = "adpcm_g726", [0x50] = "mp2", [0x55] = "mp3", [0x58] = "amr_wb", [0x61] = "adpcm_ima_dk4",
        [0x62] = "adpcm_ima_dk3", [0x75] = "metasound", [0x83] = "g729", [0x729A] = "g729", [0xFF] = "aac", [0x1600] = "aac",
        [0x706D] = "aac", [0x4143] = "aac", [0xA106] = "aac", [0x130] = "sipr", [0x135] = "acelp.kelvin", [0x160] = "wmav1",
        [0x161] = "wmav2", [0x162] = "wmapro", [0x163] = "wmalossless", [0x165] = "xma1", [0x166] = "xma2", [0x200] = "adpcm_ct",
        [0x215] = "dvaudio", [0x216] = "dvaudio", [0x270] = "atrac3", [0x28E] = "msnsiren", [0x28F] = "adpcm_g722", [0x401] = "imc",
        [0x402] = "iac", [0x500] = "avc", [0x501] = "avc", [0x1602] = "aac_latm", [0x2000] = "ac3", [0x2001] = "dts",
        [0x2048] = "sonic", [0x594A] = "xan_dpcm", [0xA109] = "speex", [0xF1AC] = "flac", [0xFFFE] = "dfpwm", [0x5346] = "adpcm_swf",
        [0x566F] = "vorbis",
    }.ToFrozenDictionary();

    /// <summary>Codec ids of Matroska; longer ones that begin so are variants.</summary>
    public static FrozenDictionary<string, string> Matroska { get; } = Table(
    [
        "aac A_AAC", "ac3 A_AC3", "alac A_ALAC", "dts A_DTS", "eac3 A_EAC3", "flac A_FLAC", "mlp A_MLP", "mp1 A_MPEG/L1", "mp2 A_MPEG/L2",
        "mp3 A_MPEG/L3", "opus A_OPUS", "qdmc A_QUICKTIME/QDMC", "qdm2 A_QUICKTIME/QDM2", "ra_144 A_REAL/14_4", "ra_288 A_REAL/28_8",
        "atrac3 A_REAL/ATRC", "cook A_REAL/COOK", "sipr A_REAL/SIPR", "truehd A_TRUEHD", "tta A_TTA1", "vorbis A_VORBIS",
        "wavpack A_WAVPACK4",
        "av1 V_AV1", "avs2 V_AVS2", "avs3 V_AVS3", "dirac V_DIRAC", "ffv1 V_FFV1", "mjpeg V_MJPEG", "mpeg1video V_MPEG1",
        "mpeg2video V_MPEG2",
        "mpeg4 V_MPEG4/ISO/ASP V_MPEG4/ISO/AP V_MPEG4/ISO/SP", "h264 V_MPEG4/ISO/AVC", "hevc V_MPEGH/ISO/HEVC", "msmpeg4v3 V_MPEG4/MS/V3",
        "prores V_PRORES", "rv10 V_REAL/RV10", "rv20 V_REAL/RV20", "rv30 V_REAL/RV30", "rv40 V_REAL/RV40", "snow V_SNOW", "theora V_THEORA",
        "rawvideo V_UNCOMPRESSED", "vp8 V_VP8", "vp9 V_VP9",
    ],
    space: '\0');

    private static FrozenDictionary<string, string> Table(ReadOnlySpan<string> lines, char space = '_')
    {
        var table = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            var names = line.Split(' ');
            foreach (var name in names.AsSpan(1))
            {
                table.TryAdd(name.Replace(space, ' '), names[0]);
            }
        }

        return table.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
