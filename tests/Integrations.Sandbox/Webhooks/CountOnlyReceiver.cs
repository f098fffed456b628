using System.Globalization;
using System.Text;

namespace Integrations.Sandbox.Webhooks;

/// <summary>
/// The far end of a measurement: reads the body, counts, answers 200. No routing and no recording, so that what is measured is the sender.
/// GET /count tells the count.
/// </summary>
internal sealed class CountOnlyReceiver
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Map(IApplicationBuilder app) => app.Run(AnswerAsync);

    private Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path == "/count")
        {
            return context.Response.WriteAsync(Count.ToString(CultureInfo.InvariantCulture), Encoding.ASCII, context.RequestAborted);
        }

        return DrainAsync(context);
    }

    private async Task DrainAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        Interlocked.Increment(ref _count);
        context.Response.ContentLength = 0;
    }
}
