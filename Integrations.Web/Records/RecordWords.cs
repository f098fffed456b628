using System.Globalization;
using Integrations.Core.Records;

namespace Integrations.Web.Records;

/// <summary>Records in words, the same on every page.</summary>
public static class RecordWords
{
    public static string Href(string type, Guid id) => $"/records/{type}?record={RecordIds.Format(type, id)}";

    public static string Number(long number) => number.ToString("N0", CultureInfo.CurrentCulture);
}
