namespace HeyGemExport.Delivery.Shares;

/// <summary>Names the texts of share links.</summary>
public sealed class ShareTexts;
