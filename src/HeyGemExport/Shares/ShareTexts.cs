namespace HeyGemExport.Shares;

/// <summary>Names the texts of share links.</summary>
internal sealed class ShareTexts;
