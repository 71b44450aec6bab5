namespace HeyGemExport.Pages;

public sealed class PageTexts;
