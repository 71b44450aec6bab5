namespace HeyGemExport.Health;

/// <summary>Marks the texts of checks: <c>HealthTexts.resx</c> (English) and <c>HealthTexts.zh-CN.resx</c>.</summary>
internal sealed class HealthTexts;
