namespace HeyGemExport.Exports;

/// <summary>Marks the texts of exports: <c>ExportTexts.resx</c> (English) and <c>ExportTexts.zh-CN.resx</c>.</summary>
public sealed class ExportTexts;
