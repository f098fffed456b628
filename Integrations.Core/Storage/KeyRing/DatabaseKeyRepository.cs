using System.Text;
using System.Xml.Linq;
using Integrations.Core.Security;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Integrations.Core.Storage.KeyRing;

/// <summary>Keeps the Data Protection key ring in the database, every element encrypted whole with the master key.</summary>
internal sealed class DatabaseKeyRepository(HubDbContextFactory contexts, MasterKey masterKey) : IXmlRepository
{
    private const string Purpose = "key ring";
    private static readonly Actor _actor = Actor.System("key ring");

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.Create(_actor);
        return [.. db.KeyRingElements.OrderBy(element => element.Id).AsEnumerable()
            .Select(element => XElement.Parse(Encoding.UTF8.GetString(masterKey.Decrypt(element.Ciphertext, Purpose))))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = contexts.Create(_actor);
        db.KeyRingElements.Add(new KeyRingElement
        {
            Name = friendlyName,
            Ciphertext = masterKey.Encrypt(Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting)), Purpose),
        });
        db.SaveChanges();
    }
}
