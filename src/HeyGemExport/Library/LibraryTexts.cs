namespace HeyGemExport.Library;

/// <summary>Marks the texts of the library: <c>LibraryTexts.resx</c> (English) and <c>LibraryTexts.zh-CN.resx</c>.</summary>
public sealed class LibraryTexts;
