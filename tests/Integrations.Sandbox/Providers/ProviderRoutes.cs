namespace Integrations.Sandbox.Providers;

/// <summary>Of a path that reads or writes rows: faults that come again and again are meant for these.</summary>
internal sealed record DataCall;

/// <summary>The paths of one provider, below its prefix.</summary>
internal sealed class ProviderRoutes(IEndpointRouteBuilder routes, bool isData = false)
{
    private static readonly DataCall _dataCall = new();

    /// <summary>The same, for paths that read or write rows.</summary>
    public ProviderRoutes Data => new(routes, isData: true);

    public void Get(string pattern, Func<HttpContext, Task<IResult>> handler) => On(["GET"], pattern, handler);

    public void Get(string pattern, Func<HttpContext, IResult> handler) => On(["GET"], pattern, context => Task.FromResult(handler(context)));

    public void Post(string pattern, Func<HttpContext, Task<IResult>> handler) => On(["POST"], pattern, handler);

    public void Put(string pattern, Func<HttpContext, Task<IResult>> handler) => On(["PUT"], pattern, handler);

    public void Patch(string pattern, Func<HttpContext, Task<IResult>> handler) => On(["PATCH"], pattern, handler);

    public void Delete(string pattern, Func<HttpContext, Task<IResult>> handler) => On(["DELETE"], pattern, handler);

    public void On(string[] methods, string pattern, Func<HttpContext, Task<IResult>> handler)
    {
        var route = routes.MapMethods(pattern, methods, async context => await (await handler(context)).ExecuteAsync(context));
        if (isData)
        {
            route.WithMetadata(_dataCall);
        }
    }

    /// <summary>Every path that nothing else takes.</summary>
    public void Else(Func<HttpContext, IResult> handler) => routes.Map("{**rest}", context => handler(context).ExecuteAsync(context));
}
