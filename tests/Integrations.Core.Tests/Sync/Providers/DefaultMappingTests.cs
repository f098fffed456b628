using Integrations.Core.Providers;
using Integrations.Core.Sync;

namespace Integrations.Core.Tests.Sync.Providers;

/// <summary>The mappings that connectors bring along are ones that a person could have made, and so can be changed from.</summary>
public sealed class DefaultMappingTests
{
    public static TheoryData<string> Keys { get; } = [.. ConnectorCatalog.FromAssembly().All.Where(connector => connector.DataTypes.Any(type => type.Mapping.Count > 0)).Select(connector => connector.Info.Key)];

    [Theory, MemberData(nameof(Keys))]
    public void Default_mappings_pass_their_own_check(string key) => Assert.All(ConnectorCatalog.FromAssembly().Find(key)!.DataTypes.Where(type => type.Mapping.Count > 0), type =>
    {
        FieldMappings.Check(type, type.Mapping);

        Assert.Equal(FieldMappings.ToText(type.Mapping), FieldMappings.ToText(FieldMappings.Parse(FieldMappings.ToText(type.Mapping))));
        Assert.True(type.WriteLot >= 1);
        // What a data type needs to go out has to be mapped.
        Assert.All(type.Needs, name => Assert.Contains(type.Mapping, field => field.Target == name));
    });

    [Fact]
    public void Everything_that_connectors_offer_is_synced() => Assert.Empty(
        ConnectorCatalog.FromAssembly().All.SelectMany(connector => connector.DataTypes.Where(type => type.Mapping.Count == 0 && !type.IsFile).Select(type => $"{connector.Info.Key} {type.Name}")));
}
