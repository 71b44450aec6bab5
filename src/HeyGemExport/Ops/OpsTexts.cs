namespace HeyGemExport.Ops;

/// <summary>Marks the texts of checks: <c>OpsTexts.resx</c> (English) and <c>OpsTexts.zh-CN.resx</c>.</summary>
public sealed class OpsTexts;
