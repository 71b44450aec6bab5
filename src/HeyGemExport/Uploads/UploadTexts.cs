namespace HeyGemExport.Uploads;

public sealed class UploadTexts;
