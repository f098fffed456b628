using System.Net;
using System.Text;
using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Providers;

/// <summary>Answers of a provider, made up.</summary>
internal static class Answers
{
    /// <param name="headers">Each as "Name: value".</param>
    public static ProviderAnswer Of(int status, string body = "", params string[] headers)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            response.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
        }

        return new ProviderAnswer("The provider", response.StatusCode, response.Headers, "application/json", Encoding.UTF8.GetBytes(body));
    }
}
