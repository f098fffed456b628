using Integrations.Core.Providers;

namespace Integrations.Core.Tests.Providers;

/// <summary>Which fault each provider's own way of saying no stands for.</summary>
public sealed class ErrorClassificationTests
{
    [Theory]
    [InlineData("slack", 200, """{"ok":false,"error":"invalid_auth"}""", ProviderFaultKind.Unauthorized)]
    [InlineData("slack", 200, """{"ok":false,"error":"token_expired"}""", ProviderFaultKind.Unauthorized)]
    [InlineData("slack", 200, """{"ok":false,"error":"missing_scope","needed":"chat:write"}""", ProviderFaultKind.Forbidden)]
    [InlineData("slack", 200, """{"ok":false,"error":"ratelimited"}""", ProviderFaultKind.RateLimited)]
    [InlineData("slack", 200, """{"ok":false,"error":"internal_error"}""", ProviderFaultKind.Unavailable)]
    [InlineData("slack", 200, """{"ok":false,"error":"not_in_channel"}""", ProviderFaultKind.Refused)]
    [InlineData("slack", 200, """{}""", ProviderFaultKind.Refused)]
    [InlineData("slack", 429, "", ProviderFaultKind.RateLimited)]
    [InlineData("quickbooks", 401, """{"fault":{"error":[{"message":"AuthenticationFailed","code":"3200"}],"type":"AUTHENTICATION"}}""", ProviderFaultKind.Unauthorized)]
    [InlineData("quickbooks", 429, """{"Fault":{"Error":[{"Message":"ThrottleExceeded","code":"3001"}]}}""", ProviderFaultKind.RateLimited)]
    [InlineData("gmail", 403, """{"error":{"code":403,"message":"Slow down","errors":[{"reason":"userRateLimitExceeded"}]}}""", ProviderFaultKind.RateLimited)]
    [InlineData("gmail", 403, """{"error":{"code":403,"message":"No","errors":[{"reason":"insufficientPermissions"}]}}""", ProviderFaultKind.Forbidden)]
    [InlineData("google-drive", 403, """{"error":{"code":403,"message":"Slow down","errors":[{"reason":"rateLimitExceeded"}]}}""", ProviderFaultKind.RateLimited)]
    [InlineData("google-drive", 403, """{"error":{"code":403,"message":"Full","errors":[{"reason":"storageQuotaExceeded"}]}}""", ProviderFaultKind.Forbidden)]
    [InlineData("google-drive", 401, """{"error":{"code":401,"errors":[{"reason":"authError"}]}}""", ProviderFaultKind.Unauthorized)]
    [InlineData("dropbox", 401, """{"error_summary":"expired_access_token/","error":{".tag":"expired_access_token"}}""", ProviderFaultKind.Unauthorized)]
    [InlineData("dropbox", 401, """{"error_summary":"missing_scope/","error":{".tag":"missing_scope","required_scope":"files.content.write"}}""", ProviderFaultKind.Forbidden)]
    [InlineData("dropbox", 409, """{"error_summary":"path/insufficient_space/","error":{".tag":"path"}}""", ProviderFaultKind.Refused)]
    [InlineData("dropbox", 429, """{"error":{"retry_after":3}}""", ProviderFaultKind.RateLimited)]
    [InlineData("salesforce", 401, """[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]""", ProviderFaultKind.Unauthorized)]
    [InlineData("salesforce", 403, """[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]""", ProviderFaultKind.RateLimited)]
    [InlineData("salesforce", 403, """[{"message":"No","errorCode":"API_DISABLED_FOR_ORG"}]""", ProviderFaultKind.Forbidden)]
    [InlineData("salesforce", 403, "Bad_OAuth_Token", ProviderFaultKind.Unauthorized)]
    [InlineData("salesforce", 400, """[{"message":"unable to obtain exclusive access","errorCode":"UNABLE_TO_LOCK_ROW"}]""", ProviderFaultKind.Unavailable)]
    [InlineData("hubspot", 429, """{"errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING"}""", ProviderFaultKind.RateLimited)]
    [InlineData("hubspot", 423, "", ProviderFaultKind.Unavailable)]
    [InlineData("hubspot", 477, "", ProviderFaultKind.RateLimited)]
    [InlineData("hubspot", 403, """{"category":"MISSING_SCOPES"}""", ProviderFaultKind.Forbidden)]
    [InlineData("zoho", 401, """{"code":"INVALID_TOKEN"}""", ProviderFaultKind.Unauthorized)]
    [InlineData("zoho", 401, """{"code":"OAUTH_SCOPE_MISMATCH"}""", ProviderFaultKind.Forbidden)]
    [InlineData("zoho", 429, """{"code":"TOO_MANY_REQUESTS"}""", ProviderFaultKind.RateLimited)]
    public void An_answer_of_the_api_stands_for_a_fault(string key, int status, string body, ProviderFaultKind kind) =>
        Assert.Equal(kind, ConnectorCatalog.FromAssembly().Find(key)!.ReadFault(Answers.Of(status, body))?.Kind);

    [Theory]
    [InlineData("slack", 200, """{"ok":false,"error":"invalid_refresh_token"}""", ProviderFaultKind.GrantEnded)]
    [InlineData("slack", 200, """{"ok":false,"error":"code_already_used"}""", ProviderFaultKind.GrantEnded)]
    [InlineData("slack", 200, """{"ok":false,"error":"bad_client_secret"}""", ProviderFaultKind.ClientRefused)]
    [InlineData("slack", 200, """{"ok":false,"error":"service_unavailable"}""", ProviderFaultKind.Unavailable)]
    [InlineData("quickbooks", 400, """{"error":"invalid_grant"}""", ProviderFaultKind.GrantEnded)]
    [InlineData("gmail", 400, """{"error":"invalid_grant","error_description":"Token has been expired or revoked."}""", ProviderFaultKind.GrantEnded)]
    [InlineData("gmail", 401, """{"error":"invalid_client"}""", ProviderFaultKind.ClientRefused)]
    [InlineData("google-drive", 401, """{"error":"unauthorized_client"}""", ProviderFaultKind.GrantEnded)]
    [InlineData("salesforce", 400, """{"error":"invalid_client_id"}""", ProviderFaultKind.ClientRefused)]
    [InlineData("salesforce", 400, """{"error":"inactive_user"}""", ProviderFaultKind.GrantEnded)]
    [InlineData("hubspot", 400, """{"status":"BAD_REFRESH_TOKEN","message":"missing or invalid refresh token"}""", ProviderFaultKind.GrantEnded)]
    [InlineData("hubspot", 400, """{"status":"BAD_CLIENT_SECRET"}""", ProviderFaultKind.ClientRefused)]
    [InlineData("hubspot", 400, """{"status":"BAD_REDIRECT_URI"}""", ProviderFaultKind.Refused)]
    [InlineData("zoho", 200, """{"error":"invalid_code"}""", ProviderFaultKind.GrantEnded)]
    [InlineData("zoho", 200, """{"error":"invalid_client"}""", ProviderFaultKind.ClientRefused)]
    [InlineData("zoho", 400, """{"error":"Access Denied","status":"failure"}""", ProviderFaultKind.RateLimited)]
    [InlineData("zoho", 200, """{"error":"invalid_redirect_uri"}""", ProviderFaultKind.Refused)]
    [InlineData("zoho", 503, "", ProviderFaultKind.Unavailable)]
    public void An_answer_of_the_token_endpoint_stands_for_a_fault(string key, int status, string body, ProviderFaultKind kind) =>
        Assert.Equal(kind, ConnectorCatalog.FromAssembly().Find(key)!.ReadTokenFault(Answers.Of(status, body))?.Kind);

    [Theory]
    [InlineData("slack", 200, """{"ok":true}""")]
    [InlineData("zoho", 200, """{"access_token":"1000.a.b"}""")]
    [InlineData("hubspot", 200, """{"access_token":"a"}""")]
    public void A_good_answer_is_no_fault(string key, int status, string body)
    {
        var connector = ConnectorCatalog.FromAssembly().Find(key)!;

        Assert.Null(connector.ReadFault(Answers.Of(status, body.Contains("ok", StringComparison.Ordinal) ? body : "{}")));
        Assert.Null(connector.ReadTokenFault(Answers.Of(status, body)));
    }

    [Theory]
    [InlineData("slack", 429, "", "Retry-After: 7", 7)]
    [InlineData("quickbooks", 429, "", "X: y", 60)]
    [InlineData("dropbox", 429, """{"error":{"retry_after":3}}""", "X: y", 3)]
    [InlineData("dropbox", 429, "", "X: y", 1)]
    [InlineData("hubspot", 429, """{"policyName":"TEN_SECONDLY_ROLLING"}""", "X: y", 10)]
    [InlineData("hubspot", 429, """{"policyName":"DAILY"}""", "X: y", 3600)]
    [InlineData("hubspot", 429, """{"policyName":"DAILY"}""", "Retry-After: 5", 5)]
    [InlineData("salesforce", 403, """[{"errorCode":"REQUEST_LIMIT_EXCEEDED"}]""", "X: y", 900)]
    [InlineData("gmail", 429, """{"error":{"message":"User-rate limit exceeded.  Retry after 2026-01-05T10:00:30.000Z"}}""", "Date: Mon, 05 Jan 2026 10:00:00 GMT", 30)]
    public void It_is_told_how_long_to_wait(string key, int status, string body, string header, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ConnectorCatalog.FromAssembly().Find(key)!.ReadFault(Answers.Of(status, body, header))?.RetryAfter);

    [Fact]
    public void What_the_headers_tell_of_the_quota_is_read()
    {
        var catalog = ConnectorCatalog.FromAssembly();

        Assert.Equal([new ProviderQuota("day", 14_982, 15_000)], catalog.Find("salesforce")!.ReadQuotas(Answers.Of(200, "", "Sforce-Limit-Info: api-usage=18/15000")));
        Assert.Equal([new ProviderQuota("day", 480, null)], catalog.Find("zoho")!.ReadQuotas(Answers.Of(200, "", "X-API-CREDITS-REMAINING: 480")));
        Assert.Equal(
            [new ProviderQuota("10 seconds", 98, 100), new ProviderQuota("day", 249_000, 250_000)],
            catalog.Find("hubspot")!.ReadQuotas(Answers.Of(
                200, "", "X-HubSpot-RateLimit-Max: 100", "X-HubSpot-RateLimit-Remaining: 98", "X-HubSpot-RateLimit-Daily: 250000", "X-HubSpot-RateLimit-Daily-Remaining: 249000")));
        Assert.Empty(catalog.Find("salesforce")!.ReadQuotas(Answers.Of(200, "", "Sforce-Limit-Info: nonsense")));
    }
}
