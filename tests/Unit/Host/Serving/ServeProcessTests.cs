using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Serving;

/// <summary>The life of `serve`, with real processes and a real night.</summary>
public class ServeProcessTests
{
    /// <summary>Long enough that a kill at the first checkpoint comes long before the end, however busy the machine is.</summary>
    static readonly string[] Long = ["--set", "datasets.spotify.training.steps=2000", "--set", "datasets.spotify.training.probeEverySteps=1000"];

    [Fact]
    public async Task A_server_killed_in_three_stages_and_started_again_ends_with_the_bytes_of_an_unbroken_run()
    {
        using Nightly unbroken = new(), killed = new();
        var whole = Task.Run(() => unbroken.Run(["run", .. Long]));
        var ledger = new Ledger(new DataRoot(killed.Data), TimeProvider.System);

        using (var server = await ServeProcess.StartAsync(killed, Long))
        {
            using var started = await server.Client.PostAsync("/runs", ("selection", "spotify"));
            Assert.Equal(HttpStatusCode.Redirect, started.StatusCode);
            await Until(() => Began(ledger, "spotify/ingest"));
            await server.KillAsync();
        }

        // The first is killed as soon as the stage has begun; the second and the third, once they have begun and training has a checkpoint, which the one before may have left.
        foreach (var (number, tower) in new[] { "mamba", "transformer" }.Index())
        {
            using var server = await ServeProcess.StartAsync(killed, Long);
            await Until(() => ledger.Runs().Count == number + 2 && killed.HasCheckpoint($"3-models/{tower}"));
            await server.KillAsync();
            await Until(() => ledger.Runs()[^1].State == RunState.Crashed);
        }

        using (var server = await ServeProcess.StartAsync(killed, Long))
        {
            await Until(() => ledger.Runs()[^1].State is RunState.Succeeded or RunState.Failed);
            Assert.Equal(0, await server.StopAsync());
        }

        var runs = ledger.Runs();
        Assert.Equal([RunState.Crashed, RunState.Crashed, RunState.Crashed, RunState.Succeeded], runs.Select(run => run.State));
        Assert.Equal([null, runs[0].Run, runs[1].Run, runs[2].Run], runs.Select(run => run.Resumes));
        Assert.All(runs, run => Assert.True(run.IsServed));
        Assert.Equal(ExitCode.Ok, (await whole).Code);
        Assert.Equal(unbroken.Parts(), killed.Parts());
    }

    [Fact]
    public async Task A_run_that_is_killed_alone_is_gone_on_with_by_the_living_server()
    {
        using var night = new Nightly();
        var ledger = new Ledger(new DataRoot(night.Data), TimeProvider.System);
        using var server = await ServeProcess.StartAsync(night, Long);
        using var started = await server.Client.PostAsync("/runs", ("selection", "+spotify/train/mamba"));
        await Until(() => Began(ledger, "spotify/train/mamba"));

        using (var child = Process.GetProcessById(ledger.Runs()[0].Pid!.Value))
        {
            child.Kill();
        }

        // While the next run takes the lock and has not said its name, the one before may still be seen as running.
        await Until(() => ledger.Runs() is [{ State: RunState.Crashed }, _]);
        Assert.Equal(ledger.Runs()[0].Run, ledger.Runs()[1].Resumes);
        await server.StopAsync();
        Assert.Contains("run crashed, going on with it", await server.ErrorAsync());
    }

    [Fact]
    public async Task SIGTERM_stops_the_server_and_its_runs_at_a_checkpoint_while_readers_listen()
    {
        using var night = new Nightly();
        var ledger = new Ledger(new DataRoot(night.Data), TimeProvider.System);
        using var server = await ServeProcess.StartAsync(night, "--set", "datasets.spotify.training.steps=10000000");
        using var started = await server.Client.PostAsync("/runs", ("selection", "+spotify/train/mamba"));
        using var events = await server.Client.GetAsync("/events");
        await Until(() => Began(ledger, "spotify/train/mamba"));

        Assert.Equal(0, await server.StopAsync());

        var run = Assert.Single(ledger.Runs());
        Assert.Equal((RunState.Cancelled, ExitCode.Terminated, true), (run.State, run.Exit, run.IsTransient));
        Assert.Null(DatasetLock.Holder(new DataRoot(night.Data), "spotify"));
        var lines = (await server.ErrorAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["serving", "run started", "stopping", "run ended", "stopped"], lines.Select(line => line.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task A_run_that_stopped_with_its_server_is_gone_on_with_by_one_of_the_next()
    {
        using var night = new Nightly();
        var ledger = new Ledger(new DataRoot(night.Data), TimeProvider.System);
        using (var server = await ServeProcess.StartAsync(night, Long))
        {
            using var started = await server.Client.PostAsync("/runs", ("selection", "+spotify/train/mamba"));
            await Until(() => night.HasCheckpoint());
            Assert.Equal(0, await server.StopAsync());
        }

        var servers = await Task.WhenAll(ServeProcess.StartAsync(night, Long), ServeProcess.StartAsync(night, Long));
        using ServeProcess one = servers[0], other = servers[1];
        await Until(() => ledger.Runs() is [_, { State: RunState.Succeeded or RunState.Failed }]);
        await Task.WhenAll(one.StopAsync(), other.StopAsync());

        var runs = ledger.Runs();
        Assert.Equal([RunState.Cancelled, RunState.Succeeded], runs.Select(run => run.State));
        Assert.Equal(runs[0].Run, runs[1].Resumes);
        Assert.Contains("run stopped with its server, going on with it", await one.ErrorAsync() + await other.ErrorAsync());
    }

    [Fact]
    public async Task A_night_that_stopped_with_its_server_is_gone_on_with_by_its_schedule()
    {
        using var night = new Nightly();
        await File.WriteAllTextAsync(Path.Combine(night.Folder, "pipeline.json"), """
            { "schedules": { "nightly": { "cron": "30 2 * * *", "selection": ["+spotify/train/mamba"], "retryDelaySeconds": 86400 } } }
            """);
        // A server was up yesterday, so last night is caught up.
        var yesterday = new Pipeline.Unit.Stages.HandClock { Now = TimeProvider.System.GetUtcNow().AddDays(-2) };
        new Ledger(new DataRoot(night.Data), yesterday).Append(new LedgerEntry { Event = LedgerEvent.ScheduleAdded, Schedule = "nightly", Message = "30 2 * * * UTC" });
        var ledger = new Ledger(new DataRoot(night.Data), TimeProvider.System);
        using (var server = await ServeProcess.StartAsync(night, Long))
        {
            await Until(() => night.HasCheckpoint());
            Assert.Equal(0, await server.StopAsync());
        }

        using (var server = await ServeProcess.StartAsync(night, Long))
        {
            await Until(() => ledger.Runs() is [_, { State: RunState.Succeeded or RunState.Failed }]);
            await server.StopAsync();
        }

        Assert.Equal([(RunState.Cancelled, 1), (RunState.Succeeded, 2)], ledger.Runs().Select(run => (run.State, run.Attempt)));
        Assert.Single(ledger.Runs().Select(run => (run.Origin, run.Due)).Distinct());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_run_that_a_person_cancelled_stays_cancelled_though_its_server_stops_too(int times)
    {
        using var night = new Nightly();
        var ledger = new Ledger(new DataRoot(night.Data), TimeProvider.System);
        using (var server = await ServeProcess.StartAsync(night, "--set", "datasets.spotify.training.steps=10000000"))
        {
            using var started = await server.Client.PostAsync("/runs", ("selection", "+spotify/train/mamba"));
            await Until(() => Began(ledger, "spotify/train/mamba"));
            for (var time = 0; time < times; time++)
            {
                using var cancelled = await server.Client.PostAsync($"/runs/{ledger.Runs()[0].Run}/cancel");
                Assert.Equal(HttpStatusCode.Redirect, cancelled.StatusCode);
            }

            Assert.Equal(0, await server.StopAsync());
        }

        using var next = await ServeProcess.StartAsync(night, Long);
        using var sample = await next.Client.PostAsync("/runs", ("selection", "spotify/sample"));
        await Until(() => ledger.Runs().Count == 2 && ledger.Runs()[1].State == RunState.Succeeded);
        await next.StopAsync();

        Assert.Equal([RunState.Cancelled, RunState.Succeeded], ledger.Runs().Select(each => each.State));
        Assert.DoesNotContain("going on", await next.ErrorAsync());
    }

    [Fact]
    public async Task A_run_of_a_person_is_not_the_servers_to_resume()
    {
        using var night = new Nightly();
        var ledger = new Ledger(new DataRoot(night.Data), TimeProvider.System);
        using (var run = night.Start(["run", "+spotify/train/mamba", .. Long]))
        {
            await Until(() => Began(ledger, "spotify/train/mamba"));
            run.Kill();
            await run.WaitForExitAsync();
        }

        using var server = await ServeProcess.StartAsync(night, Long);
        // Its round has come by when it has answered a form, which it does after its own start.
        using var started = await server.Client.PostAsync("/runs", ("selection", "spotify/sample"));
        await Until(() => ledger.Runs().Count == 2 && ledger.Runs()[1].State == RunState.Succeeded);
        await server.StopAsync();

        Assert.Equal([RunState.Crashed, RunState.Succeeded], ledger.Runs().Select(each => each.State));
        Assert.DoesNotContain("going on", await server.ErrorAsync());
    }

    [Fact]
    public async Task A_run_that_has_ended_leaves_the_server_no_open_pipe()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var night = new Nightly();
        using var server = await ServeProcess.StartAsync(night);
        var ledger = new Ledger(new DataRoot(night.Data), TimeProvider.System);
        var before = Pipes();
        for (var run = 1; run <= 3; run++)
        {
            using var started = await server.Client.PostAsync("/runs", ("selection", "spotify/sample"));
            await Until(() => ledger.Runs().Count == run && ledger.Runs()[^1].State == RunState.Succeeded);
        }

        // The last one's process ends a moment after its run.
        await Until(() => Pipes() <= before);

        int Pipes() => new DirectoryInfo($"/proc/{server.Pid}/fd").EnumerateFiles().Count(file => file.LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_server_writes_nothing_into_the_home_folder()
    {
        using var night = new Nightly();
        var home = Directory.CreateDirectory(Path.Combine(night.Folder, "home")).FullName;
        using var server = await ServeProcess.StartAsync(night, new Dictionary<string, string> { ["HOME"] = home });
        Assert.Contains("name=\"token\"", await server.Client.TextAsync("/"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(home));
        Assert.Equal(0, await server.StopAsync());
        Assert.DoesNotContain("warning", await server.ErrorAsync());
    }

    [Fact]
    public async Task An_address_that_is_taken_is_busy_and_one_of_another_machine_is_a_wrong_option()
    {
        using var night = new Nightly();
        using var server = await ServeProcess.StartAsync(night);

        var taken = night.Run("serve", "--urls", server.Client.Address.GetLeftPart(UriPartial.Authority));
        var dynamic = night.Run("serve", "--urls", "http://localhost:0");

        Assert.Equal(ExitCode.Busy, taken.Code);
        Assert.Contains("is taken, perhaps by another 'pipeline serve'", taken.Error);
        Assert.DoesNotContain("exception", taken.Error);
        Assert.Equal(ExitCode.InvalidConfiguration, dynamic.Code);
        Assert.Contains("--urls must be an address of this machine", dynamic.Error);
    }

    static bool Began(Ledger ledger, string stage) => ledger.Read().Entries.Any(entry => entry.Event == LedgerEvent.StageStarted && entry.Stage == stage);

    static async Task Until(Func<bool> condition)
    {
        // A liveness limit, far beyond the seconds that it takes.
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
