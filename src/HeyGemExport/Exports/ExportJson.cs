using System.Text.Json;
using HeyGemExport.Api;

namespace HeyGemExport.Exports;

internal static class ExportJson
{
    public static JsonSerializerOptions Options => ApiJson.Options;

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;
}
