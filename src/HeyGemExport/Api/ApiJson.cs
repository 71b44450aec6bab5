using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HeyGemExport.Api;

/// <summary>JSON of the API, and of what is stored or logged in the same form.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },

        // Chinese stays readable; line breaks are escaped all the same.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,

        // A misspelled option that is silently ignored would do something else than was asked for.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };
}
