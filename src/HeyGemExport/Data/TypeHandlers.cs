using System.Data;
using System.Text.Json;
using Dapper;

namespace HeyGemExport.Data;

internal static class TypeHandlers
{
    /// <summary>Times are milliseconds since 1970-01-01 UTC; booleans are 0 and 1 in a BIGINT, which PostgreSQL does not convert by
    /// itself.</summary>
    public static void AddTimesAndBooleans()
    {
        Add(new TimeHandler());
        Add(new BooleanHandler());
    }

    public static void AddJson<T>(JsonSerializerOptions options) => SqlMapper.AddTypeHandler(new JsonHandler<T>(options));

    private static void Add<T>(SqlMapper.TypeHandler<T> handler)
        where T : struct
    {
        // Dapper's own mapping of the type would win.
        SqlMapper.RemoveTypeMap(typeof(T));
        SqlMapper.RemoveTypeMap(typeof(T?));
        SqlMapper.AddTypeHandler(handler);
    }

    private sealed class TimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value.ToUnixTimeMilliseconds();
        }
    }

    private sealed class BooleanHandler : SqlMapper.TypeHandler<bool>
    {
        public override bool Parse(object value) => Convert.ToBoolean(value, CultureInfo.InvariantCulture);

        public override void SetValue(IDbDataParameter parameter, bool value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value ? 1L : 0L;
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
