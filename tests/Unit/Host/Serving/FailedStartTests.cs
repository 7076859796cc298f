using System.Net;
using Pipeline.Host;
using Pipeline.Host.Commands;
using Pipeline.Host.Dashboard;
using Pipeline.Host.Schedule;
using Pipeline.Host.Serving;
using Pipeline.Stages;
using Pipeline.Unit.Host.Dashboard;

namespace Pipeline.Unit.Host.Serving;

/// <summary>Runs that end before the ledger has a line of them: who learns of it, and why. Each run is a real process.</summary>
public sealed class FailedStartTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_night_without_room_is_shown_by_the_overview_and_told_by_the_ledger_with_the_reason()
    {
        // The lists of ten million probes are some terabytes.
        folder.Write("pipeline.json", """
            {
              "datasets": { "spotify": { "training": { "steps": 10000000, "probeEverySteps": 1, "probeUsers": 100000 } } },
              "schedules": { "nightly": { "cron": "0 3 * * *", "selection": ["spotify"] } }
            }
            """);
        var data = Data();
        await using var desk = new ScheduleDesk(
            data.Schedules.Entries, new Ledger(data.Session.Data, TimeProvider.System), data.Ledger, TimeProvider.System,
            (fire, stop) => data.Launcher.RunAsync(new RunOrder { Fire = fire }, stop), _ => { });

        desk.Trigger("nightly");
        // A liveness limit, far beyond the seconds that it takes.
        await desk.Idle("nightly").WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Empty(data.Ledger.Runs());
        var line = Assert.Single(data.Ledger.LinesOf("nightly"));
        Assert.Equal(LedgerEvent.ScheduleSkipped, line.Event);
        Assert.Contains("it could not begin: ", line.Reason);
        Assert.Contains("this run needs about", line.Reason);
        // What a webhook tells.
        var fire = Assert.Single(data.Ledger.FailedFires());
        Assert.Equal(("nightly", ExitCode.OutOfSpace, line.Reason), (fire.Schedule, fire.Exit, fire.Message));
        var page = await OverviewAsync(data);
        Assert.Contains("Could not start", page);
        Assert.Contains("schedule nightly", page);
        Assert.Contains("requireSpace=false", page);
    }

    [Fact]
    public async Task A_busy_dataset_is_a_failed_start()
    {
        var data = Data();
        using var held = DatasetLock.Take(data.Session.Data, "spotify", new LockHolder(1, "mill", null, "pipeline run", default));

        var error = await Assert.ThrowsAsync<PipelineException>(() => data.Launcher.RunAsync(new RunOrder { Selection = ["spotify"] }, CancellationToken.None));

        Assert.Equal(ExitCode.Busy, error.Code);
        Assert.Contains("Could not start", await OverviewAsync(data));
    }

    [Fact]
    public async Task A_schedule_that_is_triggered_on_its_page_and_cannot_begin_says_at_once_why()
    {
        using var night = new Nightly();
        File.WriteAllText(Path.Combine(night.Folder, "pipeline.json"), """{ "schedules": { "nightly": { "cron": "30 2 29 2 *", "selection": ["spotify"] } } }""");
        using var server = await ServeProcess.StartAsync(night);
        using var held = DatasetLock.Take(new DataRoot(night.Data), "spotify", new LockHolder(1, "mill", null, "pipeline run", default));

        using var answer = await server.Client.PostAsync("/schedules/nightly/trigger");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("is being written by process 1 on mill", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_run_that_began_and_failed_is_none_whatever_its_exit_code()
    {
        var data = Data();
        folder.Write("raw/unknown.csv", "a\n1\n");

        await data.Launcher.RunAsync(new RunOrder { Selection = ["spotify/ingest"], Settings = [$"datasets.spotify.raw={folder.File("raw")}"] }, CancellationToken.None);

        Assert.Equal(ExitCode.InputMissing, Assert.Single(data.Ledger.Runs()).Exit);
        Assert.DoesNotContain("Could not start", await OverviewAsync(data));
    }

    DashboardData Data() => DashboardFixture.Over(
        new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, CurrentFolder = folder.Path, Datasets = AllDatasets.List }, new CommonValues());

    static async Task<string> OverviewAsync(DashboardData data)
    {
        // The end of the last child may be noted a moment later.
        Assert.True(SpinWait.SpinUntil(() => data.Launcher.Running.Count == 0, TimeSpan.FromMinutes(1)));
        await using var server = DashboardFixture.Serve(data, new ServeOptions("http://127.0.0.1:0", null), TextWriter.Null);
        await server.StartAsync();
        using var client = new DashboardClient(new Uri(server.Urls.First()));
        return await client.TextAsync("/");
    }
}
