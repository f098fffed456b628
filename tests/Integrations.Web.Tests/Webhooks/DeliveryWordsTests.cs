using Integrations.Core.Webhooks;
using Integrations.Web.Webhooks;

namespace Integrations.Web.Tests.Webhooks;

public sealed class DeliveryWordsTests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_delivery_that_is_repeated_says_why_and_when()
    {
        Assert.Equal("The endpoint answered 503. Next try in 8 s.", Why(DeliveryStatus.Retrying, 1, "The endpoint answered 503.", _now.AddSeconds(7.2)));
        Assert.Equal("The endpoint answered 503. The next try is due now.", Why(DeliveryStatus.Retrying, 1, "The endpoint answered 503.", _now));
    }

    [Fact]
    public void A_delivery_that_a_circuit_holds_back_says_so()
    {
        var row = Row(DeliveryStatus.Pending, 0, null, _now.AddMinutes(9)) with { CircuitOpenUntil = _now.AddMinutes(9) };

        Assert.Equal("The endpoint's circuit is open. Next try in 9 min.", DeliveryWords.Why(row, _now));
    }

    [Fact]
    public void A_delivery_that_ended_says_how()
    {
        Assert.Equal("The endpoint accepted it with 200 at the first try.", Why(DeliveryStatus.Delivered, 1, null, null, 200));
        Assert.Equal("The endpoint accepted it with 204 at try 3.", Why(DeliveryStatus.Delivered, 3, null, null, 204));
        Assert.Equal("The endpoint answered 500. There were 5 tries, and no other will follow by itself.", Why(DeliveryStatus.Failed, 5, "The endpoint answered 500.", null));
        Assert.Equal("The endpoint answered 500. A test is tried once only.", Why(DeliveryStatus.Failed, 1, "The endpoint answered 500.", null, trigger: DeliveryTrigger.Test));
    }

    [Fact]
    public void A_delivery_that_was_not_tried_says_so()
    {
        Assert.Equal("It waits for its first try.", Why(DeliveryStatus.Pending, 0, null, _now));
        Assert.Equal("The first try is under way.", Why(DeliveryStatus.Delivering, 0, null, null));
        Assert.Equal("The endpoint was switched off.", Why(DeliveryStatus.Discarded, 0, "The endpoint was switched off.", null));
    }

    [Fact]
    public void A_list_shows_the_last_answer_and_no_guess_about_one()
    {
        Assert.Equal("503", DeliveryWords.Answer(Row(DeliveryStatus.Retrying, 1, "The endpoint answered 503.", _now) with { ResponseStatus = 503 }));
        Assert.Equal("No answer", DeliveryWords.Answer(Row(DeliveryStatus.Failed, 5, "The endpoint did not answer within 10 s.", null)));
        Assert.Equal("—", DeliveryWords.Answer(Row(DeliveryStatus.Discarded, 1, "The endpoint was deleted.", null)));
        Assert.Equal("—", DeliveryWords.Answer(Row(DeliveryStatus.Pending, 0, null, _now)));
    }

    [Fact]
    public void A_retry_by_hand_is_refused_with_a_reason()
    {
        var endpoint = Endpoint(isActive: true);

        Assert.Null(DeliveryWords.WhyNoRetry(Row(DeliveryStatus.Failed, 5, null, null), endpoint));
        Assert.Equal("Its endpoint was deleted.", DeliveryWords.WhyNoRetry(Row(DeliveryStatus.Failed, 5, null, null), null));
        Assert.Equal("A try is under way.", DeliveryWords.WhyNoRetry(Row(DeliveryStatus.Delivering, 1, null, null), endpoint));
        Assert.StartsWith("The endpoint is switched off.", DeliveryWords.WhyNoRetry(Row(DeliveryStatus.Failed, 5, null, null), Endpoint(isActive: false)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_is_failing_while_its_newest_deliveries_failed()
    {
        Assert.Equal("Failing", EndpointWords.Status(Endpoint(isActive: true, failedInARow: 2)));
        Assert.Equal("The last 2 deliveries failed.", EndpointWords.Reason(Endpoint(isActive: true, failedInARow: 2)));
        Assert.Equal("Active", EndpointWords.Status(Endpoint(isActive: true)));
        Assert.Equal("Switched off", EndpointWords.Status(Endpoint(isActive: false, failedInARow: 9)));
    }

    private static string Why(
        DeliveryStatus status, int attempts, string? error, DateTimeOffset? next, int? response = null, DeliveryTrigger trigger = DeliveryTrigger.Event) =>
        DeliveryWords.Why(Row(status, attempts, error, next) with { ResponseStatus = response, Trigger = trigger }, _now);

    private static DeliveryRow Row(DeliveryStatus status, int attempts, string? error, DateTimeOffset? next) => new(
        Guid.NewGuid(), Guid.NewGuid(), "https://example.com/", Guid.NewGuid(), null, "invoice.paid", status, DeliveryTrigger.Event, attempts, _now, null, next, null, error);

    private static WebhookDetail Endpoint(bool isActive, int failedInARow = 0) => new(
        Guid.NewGuid(), "https://example.com/", "", ["*"], isActive, null, null, "X-Webhook-Signature", 10, [2], _now, _now, new WebhookHealth(0, failedInARow, 0, null, failedInARow), []);
}
