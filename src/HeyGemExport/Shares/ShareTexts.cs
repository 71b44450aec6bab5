namespace HeyGemExport.Shares;

internal sealed class ShareTexts;
