using Pipeline.Host.Dashboard.Pages;

namespace Pipeline.Host.Dashboard;

/// <summary>Every page, by the order of the navigation, those without an entry there after the one that leads to them.</summary>
static class AllPages
{
    public static IReadOnlyList<IPage> List { get; } =
    [
        new OverviewPage(),
        new RunsPage(), new RunPage(), new ComparePage(),
        new GridPage(), new LineagePage(), new SchedulesPage(),
        new ArtifactsPage(), new ArtifactPage(),
        new ReportsPage(), new ReportFilePage(), new ExperimentFilePage(), new ExperimentReportPage(), new TrendsPage(),
        new UsersPage(), new WorkersPage(),
    ];

    /// <summary>Entries of the navigation.</summary>
    public static IReadOnlyList<(string Address, string Name)> Navigation { get; } =
    [
        ("/", "Overview"), ("/runs", "Runs"), ("/compare", "Compare"), ("/grid", "Nights"), ("/lineage", "Lineage"), ("/schedules", "Schedules"),
        ("/artifacts", "Artifacts"), ("/reports", "Reports"), ("/trends", "Trends"), ("/users", "Users"), ("/workers", "Workers"),
    ];
}
