namespace HeyGemExport.Pages;

/// <summary>Marks the texts of the pages: <c>PageTexts.resx</c> (English) and <c>PageTexts.zh-CN.resx</c>.</summary>
public sealed class PageTexts;
