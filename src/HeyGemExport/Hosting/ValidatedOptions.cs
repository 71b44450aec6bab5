using System.Collections;
using System.ComponentModel.DataAnnotations;

namespace HeyGemExport.Hosting;

/// <remarks>The framework's <c>ValidateDataAnnotations</c> names properties instead of keys, and skips <see cref="IValidatableObject"/>
/// when an attribute fails. Here each failure has its full key (<see cref="ValidationContext.DisplayName"/>), and all are reported at
/// once.</remarks>
internal static class ValidatedOptions
{
    public static OptionsBuilder<T> AddValidatedOptions<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton<IValidateOptions<T>>(provider => new Validation<T>(section, provider));
        return services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
    }

    /// <summary>The messages of the rules that are broken.</summary>
    public static IEnumerable<ValidationResult> Check(params IEnumerable<(bool IsBroken, string Message)> rules) =>
        rules.Where(rule => rule.IsBroken).Select(rule => new ValidationResult(rule.Message));

    public static IEnumerable<string> Failures(string key, object options, IServiceProvider services)
    {
        foreach (var property in options.GetType().GetProperties())
        {
            var (name, value) = ($"{key}:{property.Name}", property.GetValue(options));
            List<ValidationResult> results = [];
            var context = new ValidationContext(options, services, items: null) { MemberName = property.Name, DisplayName = name };
            Validator.TryValidateProperty(value, context, results);
            var nested = value switch
            {
                IDictionary entries => entries.Keys.Cast<string>().Where(entry => entries[entry] is IValidatableObject)
                    .SelectMany(entry => Failures($"{name}:{entry}", entries[entry]!, services)),
                IValidatableObject => Failures(name, value, services),
                _ => [],
            };
            foreach (var failure in results.Select(result => Message(result, value)).Concat(nested))
            {
                yield return failure;
            }
        }

        if (options is IValidatableObject validatable)
        {
            foreach (var result in validatable.Validate(new ValidationContext(options, services, items: null) { DisplayName = key }))
            {
                yield return result.ErrorMessage!;
            }
        }
    }

    // "The field Exports:Workers must be between 1 and 64."
    private static string Message(ValidationResult result, object? value)
    {
        var message = result.ErrorMessage!.Replace("The field ", "", StringComparison.Ordinal).TrimEnd('.');
        return string.Create(CultureInfo.InvariantCulture, $"{message}; it is {(value is string ? $"'{value}'" : value)}.");
    }

    private sealed class Validation<T>(string section, IServiceProvider services) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) =>
            Failures(section, options, services).ToList() is { Count: > 0 } failures
                ? ValidateOptionsResult.Fail(failures)
                : ValidateOptionsResult.Success;
    }
}
