using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.Stripe;

/// <summary>The paths of Stripe's objects.</summary>
internal sealed class StripeData(ProviderControl control, TimeProvider time)
{
    public void Map(ProviderRoutes routes, Func<DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        var lists = new StripeLists(control);
        var writes = new StripeWrites(lists);
        var repeated = new RepeatedRequests(time);
        foreach (var type in control.Data.Types)
        {
            routes.Get($"/v1/{type}", with((context, data) => Task.FromResult(lists.List(context, data[type]))));
            routes.Get($"/v1/{type}/{{id}}", with((context, data) => Task.FromResult(lists.Get(context, data[type]))));
        }

        routes.Get("/v1/invoices/{id}/lines", with((context, data) => Task.FromResult(StripeLines.List(lists, context, data["invoices"]))));
        routes.Get("/v1/events", with((context, data) => Task.FromResult(new StripeEvents(lists).List(context, data))));
        foreach (var type in StripeWrites.Writable)
        {
            routes.Post($"/v1/{type}", with((context, data) => OnceAsync(repeated, context, data, form => writes.Create(context, data[type], form))));
            routes.Post($"/v1/{type}/{{id}}", with((context, data) => OnceAsync(repeated, context, data, form => writes.Update(context, data[type], form))));
        }

        routes.Delete("/v1/customers/{id}", with((context, data) => Task.FromResult(writes.Delete(context, data["customers"]))));
    }

    private static async Task<IResult> OnceAsync(RepeatedRequests repeated, HttpContext context, AccountData data, Func<StripeForm, IResult> answer)
    {
        var (form, wrong) = await StripeForm.ReadAsync(context.Request);
        if (form is null)
        {
            var message = wrong is var (name, kind, value) ? $"Invalid {kind}: {value} ({name})" : "Invalid request (check that your POST content type is application/x-www-form-urlencoded).";
            data.Owner.Violated(context, message);
            return StripeProvider.Error(message, StatusCodes.Status400BadRequest, wrong is var (_, of, _) ? $"parameter_invalid_{of}" : null, wrong?.Name);
        }

        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 255)
        {
            data.Owner.Violated(context, "an Idempotency-Key has at most 255 characters");
            return IdempotencyError("Idempotency keys must be 255 characters or fewer.");
        }

        return await repeated.RunAsync(context, data, key, context.Request.Path + "\n" + form.Raw, () => answer(form), () => IdempotencyError(
            $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request."));
    }

    private static IResult IdempotencyError(string message) => StripeProvider.Error(message, StatusCodes.Status400BadRequest, null, null, "idempotency_error");
}
