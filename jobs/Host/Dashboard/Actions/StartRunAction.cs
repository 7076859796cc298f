using Pipeline.Host.Serving;

namespace Pipeline.Host.Dashboard.Actions;

/// <summary>Starts a run of what is selected.</summary>
sealed class StartRunAction : IAction
{
    public string Path => "/runs";

    public Task<string> RunAsync(PageRequest request) => StartedRun.AddressAsync(request, new RunOrder
    {
        Selection = (request.Field("selection") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        IsForced = request.Field("force") is not null,
    });
}
