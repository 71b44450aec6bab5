namespace HeyGemExport.Uploads;

/// <summary>Marks the texts of uploads.</summary>
public sealed class UploadTexts;
