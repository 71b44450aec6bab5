using Microsoft.Extensions.Options;

namespace HeyGemExport.Data;

/// <summary>Names what is wrong with <c>Data</c> and with <c>ConnectionStrings:Database</c> at once, at start.</summary>
internal sealed class ValidateDataOptions(IConfiguration configuration) : IValidateOptions<DataOptions>
{
    public ValidateOptionsResult Validate(string? name, DataOptions options)
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            errors.Add("Data:Path must name a folder; the default is \"data\".");
        }

        if (configuration.GetConnectionString("Database") is { Length: > 0 } connection && PostgreSql.Wrong(connection) is { } wrong)
        {
            errors.Add($"ConnectionStrings:Database must be empty (SQLite) or for PostgreSQL, such as Host=db;Database=heygem;Username=heygem;Password=...: {wrong}");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
