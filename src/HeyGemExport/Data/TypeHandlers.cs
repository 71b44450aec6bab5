using System.Data;
using System.Text.Json;
using Dapper;

namespace HeyGemExport.Data;

/// <summary>How Dapper reads and writes what the database has no type for. Texts become enums, and integers booleans, without help.</summary>
internal static class TypeHandlers
{
    /// <summary>Times are milliseconds since 1970-01-01 UTC.</summary>
    public static void AddTimes()
    {
        // Dapper's own mapping of the type would win.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new TimeHandler());
    }

    /// <summary>Values of a type are kept as JSON.</summary>
    public static void AddJson<T>(JsonSerializerOptions options) => SqlMapper.AddTypeHandler(new JsonHandler<T>(options));

    private sealed class TimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value.ToUnixTimeMilliseconds();
        }
    }

    private sealed class JsonHandler<T>(JsonSerializerOptions options) : SqlMapper.TypeHandler<T>
    {
        public override T? Parse(object value) => JsonSerializer.Deserialize<T>((string)value, options);

        public override void SetValue(IDbDataParameter parameter, T? value)
        {
            parameter.DbType = DbType.String;
            parameter.Value = value is null ? DBNull.Value : JsonSerializer.Serialize(value, options);
        }
    }
}
