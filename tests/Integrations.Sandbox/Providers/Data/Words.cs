namespace Integrations.Sandbox.Providers.Data;

/// <summary>What rows are made of.</summary>
internal static class Words
{
    public static readonly string[] FirstNames =
    [
        "Aisha", "Tomas", "Mei", "Daniel", "Priya", "Sofia", "Yusuf", "Ingrid", "Kofi", "Hannah", "Luca", "Fatima", "Jonas", "Chloe", "Ravi", "Elena",
        "Omar", "Freya", "Wei", "Marta", "Arjun", "Nadia", "Felix", "Siti", "Pablo", "Grace", "Hiro", "Leila", "Oskar", "Amara", "Noah", "Zoe",
    ];

    public static readonly string[] LastNames =
    [
        "Rahman", "Lindqvist", "Tan", "Okafor", "Nair", "Marino", "Demir", "Haugen", "Mensah", "Weber", "Rossi", "Hassan", "Berg", "Laurent", "Iyer", "Petrova",
        "Farouk", "Nielsen", "Chen", "Kowalska", "Mehta", "Haddad", "Schmidt", "Abdullah", "Garcia", "Murphy", "Sato", "Karimi", "Virtanen", "Diallo", "Clarke", "Novak",
    ];

    public static readonly string[] Companies =
    [
        "Harbour Coffee", "Bluebird Books", "Copper Kettle", "Meridian Cycles", "Larkspur Florists", "Granite Peak", "Willow Dental", "Northwind Freight",
        "Saffron Kitchen", "Juniper Design", "Anchor Marine", "Cedar Homes", "Silver Birch", "Tidewater Tools", "Maple Street Vets", "Orchard Press",
    ];

    public static readonly string[] Domains =
        ["harbour.example", "bluebird.example", "copper.example", "meridian.example", "larkspur.example", "granite.example", "willow.example", "northwind.example"];

    public static readonly string[] Titles =
        ["Owner", "Head of Purchasing", "Accountant", "Office Manager", "Sales Lead", "Engineer", "Designer", "Director", "Buyer", "Operations Manager", "Analyst", "Consultant"];

    public static readonly string[] Streets =
        ["Harbour Road", "Mill Lane", "Station Street", "Park Avenue", "Church Row", "King Street", "Orchard Way", "Bridge Street", "Market Square", "Hill Road", "Quay Side", "Elm Grove"];

    public static readonly (string City, string State, string Zip, string Country, string CountryName)[] Places =
    [
        ("Portland", "OR", "97201", "US", "United States"), ("Austin", "TX", "78701", "US", "United States"), ("Bristol", "England", "BS1 4DJ", "GB", "United Kingdom"),
        ("Kuala Lumpur", "WP", "50450", "MY", "Malaysia"), ("Penang", "PNG", "10050", "MY", "Malaysia"), ("Toronto", "ON", "M5V 2T6", "CA", "Canada"),
        ("Berlin", "BE", "10115", "DE", "Germany"), ("Malmö", "M", "211 20", "SE", "Sweden"), ("Sydney", "NSW", "2000", "AU", "Australia"), ("Denver", "CO", "80202", "US", "United States"),
    ];

    public static readonly string[] ProductQualities = ["Classic", "Light", "Dark", "Compact", "Deluxe", "Organic", "Everyday", "Premium", "Travel", "Studio", "Winter", "Summer"];

    public static readonly string[] ProductThings = ["Roast", "Mug", "Notebook", "Lamp", "Saddle", "Bouquet", "Jacket", "Kettle", "Chair", "Poster", "Basket", "Backpack"];

    /// <summary>The last one has no minor unit.</summary>
    public static readonly string[] Currencies = ["usd", "usd", "usd", "usd", "eur", "eur", "gbp", "jpy"];
}
