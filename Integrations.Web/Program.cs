var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/", () => "x");
await app.RunAsync();
