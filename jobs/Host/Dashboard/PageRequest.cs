using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Host.Dashboard.Artifacts;
using Pipeline.Host.Schedule;
using Pipeline.Host.Serving;
using Pipeline.Host.Workers;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard;

/// <summary>What a page or an action is asked, and all that it may look at.</summary>
sealed class PageRequest(HttpContext http, DashboardData data)
{
    public Session Session => data.Session;

    public DataRoot Root => data.Session.Data;

    public LedgerIndex Ledger => data.Ledger;

    /// <summary>What each dataset's plan says, remembered for some seconds.</summary>
    public Plans Plans => data.Plans;

    public Remembered<DiskUse> Disk => data.Disk;

    public RunLauncher Launcher => data.Launcher;

    public ScheduleBook Schedules => data.Schedules;

    public IScheduler Scheduler => data.Scheduler;

    public ArtifactChecks Checks => data.Checks;

    /// <inheritdoc cref="DashboardData.StoreWorkers"/>
    public Remembered<IReadOnlyList<WorkerRow>>? StoreWorkers => data.StoreWorkers;

    public TimeProvider Clock => data.Session.Clock;

    public CancellationToken Cancellation => http.RequestAborted;

    /// <exception cref="PipelineException">There is none of that name (Usage).</exception>
    public RunRecord FindRun(string name) => Ledger.Find(name) ?? throw new PipelineException(ExitCode.Usage, $"There is no run '{name}' in {Root.Path}.");

    /// <summary>A part of the address: "run" of "/runs/{run}".</summary>
    public string Route(string name) => http.GetRouteValue(name) as string ?? "";

    /// <summary>A value of the query, or null if it is absent or empty.</summary>
    public string? Query(string name) => http.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>A whole number of the query, or <paramref name="otherwise"/>.</summary>
    public int Query(string name, int otherwise) =>
        int.TryParse(http.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    /// <summary>A field of the form that was sent, or null if it is absent or empty.</summary>
    public string? Field(string name) => http.Request.Form[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>A form of one button that does an action.</summary>
    /// <param name="fields">Sent with it, unseen.</param>
    public Element Button(string action, string label, params IEnumerable<(string Name, string Value)> fields) =>
        Form(action, new Element("button") { ("type", "submit"), label }, fields);

    /// <summary>A form that does an action.</summary>
    /// <param name="content">Its inputs and its button.</param>
    public Element Form(string action, Markup content, params IEnumerable<(string Name, string Value)> fields)
    {
        var token = http.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http);
        var form = new Element("form") { ("method", "post"), ("action", action), Hidden(token.FormFieldName, token.RequestToken!) };
        form.Add(fields.Select(field => (Markup)Hidden(field.Name, field.Value)));
        form.Add(content);
        return form;
    }

    static Element Hidden(string name, string value) => new("input") { ("type", "hidden"), ("name", name), ("value", value) };
}

/// <summary>What all pages share.</summary>
sealed record DashboardData(Session Session, LedgerIndex Ledger, RunLauncher Launcher, ScheduleBook Schedules, IScheduler Scheduler)
{
    public Plans Plans { get; } = new(Session, Ledger);

    /// <summary>Walking through all generations takes a while and hardly changes: once a minute is enough.</summary>
    public Remembered<DiskUse> Disk { get; } = new(() => Task.Run(() => DiskUse.Of(Session)), () => 0, Session.Clock, TimeSpan.FromMinutes(1));

    public ArtifactChecks Checks { get; } = new(Session.Clock);

    /// <summary>The workers of the store that the configuration names, asked for every other second; null if it names none.</summary>
    public Remembered<IReadOnlyList<WorkerRow>>? StoreWorkers { get; } = Session.Store(given: null) is { } address
        ? new Remembered<IReadOnlyList<WorkerRow>>(BoardOf(address), () => 0, Session.Clock, TimeSpan.FromSeconds(2))
        : null;

    static Func<Task<IReadOnlyList<WorkerRow>>> BoardOf(StoreAddress address)
    {
        var board = new WorkerBoard(address);
        return () => Task.Run(() => board.WorkersAsync(CancellationToken.None));
    }
}
