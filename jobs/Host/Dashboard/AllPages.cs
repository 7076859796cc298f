using Pipeline.Host.Dashboard.Pages;

namespace Pipeline.Host.Dashboard;

/// <summary>Every page, by the order of the navigation, those without an entry there after the one that leads to them.</summary>
static class AllPages
{
    public static IReadOnlyList<IPage> List { get; } = [new OverviewPage(), new RunsPage(), new RunPage(), new GridPage(), new LineagePage(), new SchedulesPage()];

    /// <summary>Entries of the navigation.</summary>
    public static IReadOnlyList<(string Address, string Name)> Navigation { get; } =
        [("/", "Overview"), ("/runs", "Runs"), ("/grid", "Nights"), ("/lineage", "Lineage"), ("/schedules", "Schedules")];
}
