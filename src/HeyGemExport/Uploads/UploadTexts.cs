namespace HeyGemExport.Uploads;

/// <summary>Marks the texts of deliveries.</summary>
public sealed class UploadTexts;
