namespace Integrations.Web.Shared;

public enum ViewState
{
    Loading,
    Failed,
    Empty,
    Ready,
}
