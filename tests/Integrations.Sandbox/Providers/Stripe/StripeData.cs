using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>The paths of Stripe's objects.</summary>
internal sealed class StripeData(ProviderControl control, TimeProvider time)
{
    public void Map(ProviderRoutes routes, Func<DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        var lists = new StripeLists(control);
        var writes = new StripeWrites(control, lists);
        var idempotency = new StripeIdempotency(time);
        foreach (var type in control.Data.Types)
        {
            routes.Get($"/v1/{type}", with((context, data) => Task.FromResult(lists.List(context, data[type]))));
            routes.Get($"/v1/{type}/{{id}}", with((context, data) => Task.FromResult(lists.Get(context, data[type]))));
        }

        routes.Get("/v1/events", with((context, data) => Task.FromResult(new StripeEvents(lists).List(context, data))));
        foreach (var type in StripeWrites.Writable)
        {
            routes.Post($"/v1/{type}", with((context, data) => idempotency.RunAsync(context, data, form => writes.Create(context, data[type], form))));
            routes.Post($"/v1/{type}/{{id}}", with((context, data) => idempotency.RunAsync(context, data, form => writes.Update(context, data[type], form))));
        }

        routes.Delete("/v1/customers/{id}", with((context, data) => Task.FromResult(writes.Delete(context, data["customers"]))));
    }
}
