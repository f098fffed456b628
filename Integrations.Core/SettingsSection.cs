using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Integrations.Core;

/// <summary>Reads a section of settings so that everything wrong with it is told at once and by its key: the framework stops at the first value that it cannot convert.</summary>
internal sealed class SettingsSection<T>(string name, IConfiguration configuration) : IConfigureOptions<T>, IValidateOptions<T>
    where T : class
{
    private static readonly PropertyInfo[] _properties = [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)];

    public void Configure(T options)
    {
        foreach (var property in _properties)
        {
            TryRead(property, options);
        }
    }

    public ValidateOptionsResult Validate(string? _, T options)
    {
        List<string> faults = [];
        foreach (var property in _properties)
        {
            var key = $"{name}:{property.Name}";
            if (!TryRead(property, options))
            {
                faults.Add($"{key} is \"{configuration[key]}\"; it must be {(property.PropertyType == typeof(int) ? "a whole number" : $"a {property.PropertyType.Name}")}.");
                continue;
            }

            var value = property.GetValue(options);
            faults.AddRange(property.GetCustomAttributes<ValidationAttribute>().Where(rule => !rule.IsValid(value)).Select(rule => rule is RangeAttribute range
                ? string.Create(CultureInfo.InvariantCulture, $"{key} is {value}; it must be between {range.Minimum} and {range.Maximum}.")
                : rule.FormatErrorMessage(key)));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private bool TryRead(PropertyInfo property, T options)
    {
        var section = configuration.GetSection($"{name}:{property.Name}");
        if (!section.Exists() || section.Value == "")
        {
            return true;
        }

        try
        {
            property.SetValue(options, section.Get(property.PropertyType));
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

internal static class SettingsServices
{
    /// <summary>Options from a section, checked by their annotations before the hub starts.</summary>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton(provider => new SettingsSection<T>(section, provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<IConfigureOptions<T>>(provider => provider.GetRequiredService<SettingsSection<T>>());
        services.AddSingleton<IValidateOptions<T>>(provider => provider.GetRequiredService<SettingsSection<T>>());
        services.AddOptions<T>().ValidateOnStart();
        return services;
    }
}
