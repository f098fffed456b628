namespace Integrations.Web.Layout;

public static class Product
{
    public const string Name = "Integrations";
}
