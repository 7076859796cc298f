using Pipeline.Stages;

namespace Pipeline.Unit.Host.Workers;

/// <summary>A run and its workers in one process, over a real database.</summary>
[Collection(PostgresTests.Name)]
public sealed class SharedRunTests(PostgresServer server) : IDisposable
{
    readonly CliFixture cli = new();
    readonly CancellationTokenSource stop = new();

    public void Dispose()
    {
        stop.Dispose();
        cli.Dispose();
    }

    [PostgresFact]
    public async Task A_worker_does_the_seeds_and_the_run_the_rest()
    {
        var store = server.NewDatabase();
        var work = Work(store);

        var run = await cli.RunAsync(default, "run", "--store", store, "--set", "datasets.spotify.seeds=[1,2,3]");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Code == ExitCode.Ok ? "" : run.Error));
        Assert.Equal("train/mamba 1 5000", File.ReadAllText(cli.File("data/spotify/3-models/mamba/current/data.txt")));
        Assert.True((await cli.RunAsync(default, "plan", "--json", "--set", "datasets.spotify.seeds=[1,2,3]")).Json.GetProperty("done").GetBoolean());
        var worker = await StopAsync(work);
        Assert.Contains("spotify/train/mamba (seed 3): done", worker.Error);
        Assert.DoesNotContain("ingest", worker.Error);
        Assert.EndsWith("did 3 units.\n", worker.Out);
    }

    [PostgresFact]
    public async Task What_fails_on_a_worker_fails_the_run_with_the_same_code_and_names_the_worker()
    {
        var store = server.NewDatabase();
        cli.Dataset.Deeds["train/mamba"] = (_, _) => throw new PipelineException(ExitCode.CheckFailed, "The lists are too short.");
        var work = Work(store, "--name", "anna");

        var run = await cli.RunAsync(default, "run", "--store", store);

        Assert.Equal(ExitCode.CheckFailed, run.Code);
        Assert.Contains("on worker anna: The lists are too short.", run.Error);
        await StopAsync(work);
    }

    [PostgresFact]
    public async Task A_cancelled_run_calls_its_units_off_and_the_worker_stops_and_stays()
    {
        var store = server.NewDatabase();
        using var cancelled = new CancellationTokenSource();
        var stopped = new TaskCompletionSource();
        cli.Dataset.Deeds["train/mamba"] = async (_, cancellation) =>
        {
            cancellation.Register(stopped.SetResult);
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellation);
        };
        var work = Work(store);

        var run = await cli.RunAsync(cancelled.Token, "run", "--store", store, "--set", "store.leaseSeconds=1");
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(ExitCode.Cancelled, run.Code);
        cli.Dataset.Deeds.Clear();
        Assert.Equal(ExitCode.Ok, (await cli.RunAsync(default, "resume")).Code);
        Assert.Contains("Nothing of it counts", (await StopAsync(work)).Error);
    }

    [PostgresFact]
    public async Task A_worker_that_is_told_to_stop_gives_its_unit_to_another()
    {
        var store = server.NewDatabase();
        var isFirst = true;
        cli.Dataset.Deeds["train/mamba"] = async (_, cancellation) =>
        {
            if (isFirst)
            {
                isFirst = false;
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellation);
            }
        };
        var first = Work(store);
        // So long a lease that only a unit that was given back can be had.
        var run = cli.RunAsync(default, "run", "--store", store, "--set", "store.leaseSeconds=3600");
        Assert.Contains("given back", (await first).Error);

        using var stopSecond = new CancellationTokenSource();
        var second = cli.RunAsync(stopSecond.Token, "work", "--store", store);

        Assert.Equal(ExitCode.Ok, (await run).Code);
        await stopSecond.CancelAsync();
        Assert.Contains("(take 2)", (await second).Error);
    }

    [PostgresFact]
    public async Task A_run_that_nobody_works_for_ends_busy_and_says_who_cannot_and_why()
    {
        var store = server.NewDatabase();
        using var other = new CliFixture();
        Directory.CreateDirectory(other.File("data"));
        var stranger = other.RunAsync(stop.Token, "work", "--store", store, "--name", "stranger");

        var run = await cli.RunAsync(default, "run", "--store", store, "--set", "store.patienceSeconds=3");

        Assert.Equal(ExitCode.Busy, run.Code);
        Assert.Contains("stranger cannot: its --data is another folder.", run.Error);
        Assert.Contains($"Start one: pipeline work --store {store} --data DIR", run.Error);
        await StopAsync(stranger);
    }

    [PostgresFact]
    public async Task When_the_database_goes_away_and_comes_back_the_run_and_its_worker_go_on()
    {
        using var own = new PostgresServer();
        var store = own.NewDatabase();
        var calls = 0;
        cli.Dataset.Deeds["train/mamba"] = async (_, cancellation) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                own.Stop();
                own.Start();
                await Task.Delay(Timeout.Infinite, cancellation);
            }
        };
        var work = Work(store);

        var run = await cli.RunAsync(default, "run", "--store", store, "--set", "store.leaseSeconds=1");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Code == ExitCode.Ok ? "" : run.Error));
        Assert.Equal(2, calls);
        var worker = await StopAsync(work);
        Assert.Contains("The store does not answer", worker.Error);
        Assert.Contains("(take 2)", worker.Error);
    }

    [PostgresFact]
    public async Task A_store_that_is_not_there_ends_the_run_before_it_begins()
    {
        var run = await cli.RunAsync(default, "run", "--store", $"postgres://pipeline@/lists?host={cli.Folder}", "--set", "store.patienceSeconds=1");

        Assert.Equal(ExitCode.InputMissing, run.Code);
        Assert.Contains("does not answer", run.Error);
        Assert.False(Directory.Exists(cli.File("data/spotify")));
    }

    [PostgresFact]
    public async Task Workers_are_listed_for_people_and_for_programs()
    {
        var store = server.NewDatabase();
        var work = Work(store, "--name", "anna", "--threads", "3");
        PostgresServer.Until(() => cli.Run("workers", "--store", store, "--json").Json.GetProperty("workers").GetArrayLength() == 1);

        var json = cli.Run("workers", "--store", store, "--json").Json;
        var text = cli.Run("workers", "--store", store);

        Assert.Equal(("anna", 3, true), (json.GetProperty("workers")[0].GetProperty("name").GetString(), json.GetProperty("workers")[0].GetProperty("threads").GetInt32(), json.GetProperty("workers")[0].GetProperty("isAlive").GetBoolean()));
        Assert.Equal(ExitCode.Ok, text.Code);
        Assert.Contains("anna", text.Out);
        Assert.Contains("0 units wait, 0 are taken.", text.Out);
        await StopAsync(work);
        Assert.Equal(0, cli.Run("workers", "--store", store, "--json").Json.GetProperty("workers").GetArrayLength());
    }

    Task<CliResult> Work(string store, params string[] more)
    {
        Directory.CreateDirectory(cli.File("data"));
        return cli.RunAsync(stop.Token, ["work", "--store", store, .. more]);
    }

    async Task<CliResult> StopAsync(Task<CliResult> work)
    {
        await stop.CancelAsync();
        var result = await work.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(ExitCode.Cancelled, result.Code);
        return result;
    }
}
