using System.Reflection;
using Xunit.Sdk;

namespace Integrations.Web.Tests.Help;

/// <summary>Runs a theory with the sample of a language: its parameter is the language's name. Skipped, with the reason, where the language is not installed.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class InLanguageAttribute : DataAttribute
{
    private readonly string _language;

    public InLanguageAttribute(string language)
    {
        _language = language;
        Skip = SampleVerifier.Missing(language);
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[_language]];
}
