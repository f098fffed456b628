using System.Globalization;
using Integrations.Core.ApiKeys;
using Integrations.Web.Account;
using Integrations.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Integrations.Web.ApiKeys;

public sealed partial class CreateApiKeyDialog
{
    private readonly FormFaults _faults = new("name", "scopes", "expiresAt");
    private readonly HashSet<string> _scopes = new(StringComparer.Ordinal);
    private string? _name;
    private int _expiry = 365;
    private DateOnly? _date;
    private bool _busy;
    private bool _stored;
    private CreatedApiKey? _created;
    private bool _focused;
    private ElementReference _once;

    [Inject]
    public required CurrentMember CurrentMember { get; init; }

    [Inject]
    public required ApiKeyService Keys { get; init; }

    [Inject]
    public required Dialogs Dialogs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    private static IReadOnlyList<int> Presets { get; } = [30, 90, 365];

    private DateOnly Today => DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);

    // To the end of the day, whichever way it was chosen.
    private DateTimeOffset? ExpiresAt => (_expiry > 0 ? Today.AddDays(_expiry) : _date) is { } day
        ? new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddMilliseconds(-1)
        : null;

    // The form that had the focus is gone.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_created is not null && !_focused)
        {
            _focused = true;
            await _once.FocusAsync();
        }
    }

    private static string Day(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private void Toggle(string scope)
    {
        if (!_scopes.Remove(scope))
        {
            _scopes.Add(scope);
        }
    }

    private async Task CreateAsync()
    {
        if (ExpiresAt is not { } expiresAt || expiresAt <= Time.GetUtcNow())
        {
            _faults.Clear();
            _faults.Add("expiresAt", "Choose a day on which the key ends, today or later.");
            return;
        }

        _busy = true;
        await _faults.TryAsync(async () =>
            _created = await Keys.CreateAsync(await CurrentMember.GetActorAsync(), _name, [.. _scopes], expiresAt, CancellationToken.None));
        _busy = false;
    }
}
