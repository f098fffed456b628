using System.Globalization;

namespace Integrations.Sandbox.Providers;

/// <summary>What the query of PUT /control/{provider} does to the provider's rows.</summary>
internal static class DataSetting
{
    public const string Help = "?rows.{type}=1000000 (begins anew), ?touch.{type}=10, ?delete.{type}=3, ?create.{type}=2, ?dirt=off; GET or PATCH /control/{provider}/rows/{type}/{index}";

    /// <exception cref="FormatException">A name or value is not known.</exception>
    /// <exception cref="ArgumentException">The provider has no such rows, or not so many.</exception>
    public static void Apply(ProviderControl control, IQueryCollection query)
    {
        foreach (var (name, text) in query)
        {
            var value = text.ToString();
            if (name == "dirt")
            {
                control.Dirt = value switch
                {
                    "on" => true,
                    "off" => false,
                    _ => throw new FormatException("dirt is on or off."),
                };
                continue;
            }

            var parts = name.Split('.', 2);
            if (parts.Length != 2 || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var rows))
            {
                throw new FormatException($"'{name}={value}' is not understood. Known: {Help}.");
            }

            var table = control.Rows(parts[1]);
            switch (parts[0])
            {
                case "rows":
                    table.Reset(rows);
                    break;
                case "touch":
                    table.Touch(rows);
                    break;
                case "delete":
                    table.Delete(rows);
                    break;
                case "create":
                    table.Create(rows);
                    break;
                default:
                    throw new FormatException($"'{parts[0]}' is not known. Known: {Help}.");
            }
        }
    }
}
