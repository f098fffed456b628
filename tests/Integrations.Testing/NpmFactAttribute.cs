using Xunit;

namespace Integrations.Testing;

/// <summary>A test that is skipped, with the reason, where the verifiers from npm are not installed. tests/run.sh installs them.</summary>
public sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute() => Skip = NpmVerifier.Missing;
}
