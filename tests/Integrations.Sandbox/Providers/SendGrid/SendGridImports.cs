using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Integrations.Sandbox.Providers.Data;

namespace Integrations.Sandbox.Providers.SendGrid;

/// <summary>PUT of contacts makes a job. It is done at once, but its first inspection still says pending, as the real one's does.</summary>
internal sealed class SendGridImports(SendGridProvider provider, TimeProvider time)
{
    private const int Most = 30_000;
    private const long MostBytes = 6 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private int _made;

    public void Map(ProviderRoutes routes, string contacts, Func<DataHandler, Func<HttpContext, Task<IResult>>> with)
    {
        routes.Put(contacts, with(UpsertAsync));
        routes.Get(contacts + "/imports/{job}", with((context, _) => Task.FromResult(Inspect(context))));
        // The address of a file with errors carries its own right.
        routes.Get("/files/imports/{job}", Errors);
    }

    private async Task<IResult> UpsertAsync(HttpContext context, AccountData data)
    {
        if (context.Request.ContentLength > MostBytes)
        {
            return Refused(context, "", $"the body has at most {MostBytes} bytes", StatusCodes.Status413PayloadTooLarge);
        }

        if (await context.Request.ReadObjectAsync() is not { } body || !body.TryGetProperty("contacts", out var list) || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() is 0 or > Most || list.EnumerateArray().Any(contact => contact.ValueKind != JsonValueKind.Object))
        {
            return Refused(context, "contacts", $"contacts are an array of 1 to {Most} objects");
        }

        List<string> lists = body.TryGetProperty("list_ids", out var ids) && ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(id => id.ToString())] : [];
        if (lists.Find(id => !provider.HasList(data.Account, id)) is { } unknown)
        {
            // Which list is the user's choice.
            return SendGridProvider.Errors(StatusCodes.Status400BadRequest, "list_ids", $"invalid list ID: {unknown}");
        }

        var at = 0;
        foreach (var contact in list.EnumerateArray())
        {
            if (!new[] { "email", "phone_number_id", "external_id", "anonymous_id" }.Any(name => contact.Text(name) is { Length: > 0 }))
            {
                return Refused(context, $"contacts[{at}].identifier", "at least one identifier is required");
            }

            if (contact.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => !SendGridContact.Writable.Contains(name, StringComparer.Ordinal)) is { } wrong)
            {
                return Refused(context, $"contacts[{at}].{wrong}", $"unknown field: {wrong}");
            }

            at++;
        }

        var id = Mint.Guid("sendgrid", "job", Interlocked.Increment(ref _made));
        _jobs[id] = Run(data["contacts"], list, lists, id);
        return Answer.Json(new { job_id = id }, StatusCodes.Status202Accepted);
    }

    private Job Run(DataTable table, JsonElement contacts, List<string> lists, string id)
    {
        var job = new Job(id, time.GetUtcNow());
        foreach (var contact in contacts.EnumerateArray().Select(contact => JsonObject.Create(contact)!))
        {
            var email = contact["email"]?.ToString() ?? "";
            if (email.Length > 0 && (email.Split('@') is not [{ Length: > 0 }, { Length: > 0 }] || email.Any(char.IsWhiteSpace)))
            {
                job.Faults.Add((email, "invalid email"));
                continue;
            }

            var key = email.Length > 0 ? email : contact["external_id"]?.ToString() ?? "";
            var existing = key.Length > 0 && table.FindByKey(key) is [var row, ..] ? row : (Row?)null;
            var body = existing is { } old ? old.ToObject() : SendGridContact.Blank();
            foreach (var (name, value) in contact)
            {
                body[name] = name == "email" ? email.ToLowerInvariant() : value?.DeepClone();
            }

            foreach (var list in lists.Where(list => !body["list_ids"]!.AsArray().Any(known => known!.ToString() == list)))
            {
                body["list_ids"]!.AsArray().Add(list);
            }

            if (existing is { } changed)
            {
                table.Replace(changed, body);
                job.Updated++;
            }
            else
            {
                table.Add(body, null);
                job.Created++;
            }
        }

        return job;
    }

    private IResult Inspect(HttpContext context)
    {
        if (!_jobs.TryGetValue(context.Request.RouteValues["job"]!.ToString()!, out var job))
        {
            return SendGridProvider.Errors(StatusCodes.Status404NotFound, "id", "job not found");
        }

        if (Interlocked.Increment(ref job.Inspections) == 1)
        {
            return Answer.Json(new { id = job.Id, status = "pending", job_type = "upsert", results = new { requested_count = job.Count }, started_at = job.At.Iso(), finished_at = "" });
        }

        return Answer.Json(new
        {
            id = job.Id,
            status = job.Faults.Count == job.Count ? "failed" : job.Faults.Count > 0 ? "errored" : "completed",
            job_type = "upsert",
            results = new
            {
                requested_count = job.Count,
                created_count = job.Created,
                updated_count = job.Updated,
                deleted_count = 0,
                errored_count = job.Faults.Count,
                errors_url = job.Faults.Count > 0 ? $"{provider.BaseUrl}/files/imports/{job.Id}" : "",
            },
            started_at = job.At.Iso(),
            finished_at = job.At.Iso(),
        });
    }

    private IResult Errors(HttpContext context) => _jobs.TryGetValue(context.Request.RouteValues["job"]!.ToString()!, out var job)
        ? Answer.Text(new StringBuilder("email,error\r\n").AppendJoin("", job.Faults.Select(fault => $"{Csv.Field(fault.Email)},{Csv.Field(fault.Error)}\r\n")).ToString(), type: "text/csv; charset=utf-8")
        : provider.NotFound(context);

    private IResult Refused(HttpContext context, string field, string rule, int status = StatusCodes.Status400BadRequest)
    {
        provider.Control.Violated(context, rule);
        return SendGridProvider.Errors(status, field, rule);
    }

    private sealed class Job(string id, DateTimeOffset at)
    {
        public int Inspections;

        public string Id => id;

        public DateTimeOffset At => at;

        public int Created { get; set; }

        public int Updated { get; set; }

        public List<(string Email, string Error)> Faults { get; } = [];

        public int Count => Created + Updated + Faults.Count;
    }
}
