using System.Text.Json;
using Integrations.Testing;

namespace Integrations.Web.Tests.Api;

internal static class ProblemAssert
{
    /// <summary>The one form that every refusal and fault has.</summary>
    public static void IsProblem(ApiReply reply, int status, string because)
    {
        Assert.True(reply.Status == status, $"{because}: expected {status}, was {reply}");
        Assert.True(reply.ContentType == "application/problem+json", $"{because}: {reply.ContentType}");
        Assert.Equal(status, reply["status"].GetInt32());
        Assert.False(reply["success"].GetBoolean());
        Assert.NotEmpty(reply.String("type"));
        Assert.NotEmpty(reply.String("title"));
        Assert.NotEmpty(reply.String("instance"));
        Assert.NotEmpty(reply.Error);
        Assert.Equal(reply.Error, reply.String("detail"));
        Assert.Equal(JsonValueKind.Array, reply["errors"].ValueKind);
        if (reply.Fields.Count > 0)
        {
            Assert.Equal(reply["errors"][0].GetRawText(), reply["details"].GetRawText());
        }

        Assert.DoesNotContain("   at ", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", reply.Text, StringComparison.Ordinal);
    }

    /// <summary>A 400 at this field.</summary>
    public static void IsFault(ApiReply reply, string field, int status = 400)
    {
        IsProblem(reply, status, field);
        Assert.True(reply.Fields.Contains(field), $"No fault at {field}: {reply}");
    }
}
