using System.Diagnostics;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Dashboard.Actions;

/// <summary>The button of a run that is a shell, which hears SIGTERM and goes on.</summary>
public sealed class CancelRunActionTests : IAsyncLifetime
{
    static readonly TimeSpan Liveness = TimeSpan.FromMinutes(2);

    // At the end of its input, which is that of the tests, it ends by itself.
    readonly Process stubborn = Process.Start(new ProcessStartInfo("sh", ["-c", "trap 'echo asked' TERM; echo ready; read line; read line"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    DashboardFixture dashboard = null!;

    public async Task InitializeAsync()
    {
        dashboard = await DashboardFixture.StartAsync();
        Assert.Equal("ready", await HeardAsync());
    }

    public async Task DisposeAsync()
    {
        stubborn.Kill();
        stubborn.Dispose();
        await dashboard.DisposeAsync();
    }

    [Fact]
    public async Task The_first_click_asks_the_run_to_stop_and_says_so_in_the_ledger_and_the_second_ends_it()
    {
        var run = Begin(Environment.MachineName);
        using var held = Hold(run, stubborn.Id, Environment.MachineName);
        using var client = dashboard.Client();

        using var first = await client.PostAsync($"/runs/{run}/cancel");
        Assert.Equal("asked", await HeardAsync());
        Assert.Equal([run], CancelsAsked);
        Assert.Contains("Stop at once", await client.TextAsync($"/runs/{run}"));

        using var second = await client.PostAsync($"/runs/{run}/cancel");
        await stubborn.WaitForExitAsync().WaitAsync(Liveness);
        Assert.Equal(128 + 9, stubborn.ExitCode);
        Assert.Equal([run], CancelsAsked);
    }

    [Fact]
    public async Task A_process_that_has_only_the_number_of_the_run_is_left_alone()
    {
        var run = Begin(Environment.MachineName);
        using var held = Hold(run, Environment.ProcessId, Environment.MachineName);
        using var client = dashboard.Client();

        using var answer = await client.PostAsync($"/runs/{run}/cancel");

        Assert.Empty(CancelsAsked);
    }

    [Fact]
    public async Task A_run_of_another_machine_is_stopped_there()
    {
        var run = Begin("elsewhere");
        using var held = Hold(run, stubborn.Id, "elsewhere");
        using var client = dashboard.Client();

        using var answer = await client.PostAsync($"/runs/{run}/cancel");

        Assert.Contains($"is process {stubborn.Id} on elsewhere; stop it there", await answer.Content.ReadAsStringAsync());
        Assert.Empty(CancelsAsked);
    }

    IEnumerable<string?> CancelsAsked => dashboard.Ledger.Read().Entries.Where(line => line.Event == LedgerEvent.CancelAsked).Select(line => line.Run);

    string Begin(string host) => dashboard.Ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["spotify"], Pid = stubborn.Id, Host = host });

    DatasetLock Hold(string run, int process, string host)
    {
        var held = DatasetLock.Take(dashboard.Data.Session.Data, "spotify", new LockHolder(process, host, null, "", default));
        held.Describe(new LockHolder(process, host, run, "", default));
        return held;
    }

    Task<string?> HeardAsync() => stubborn.StandardOutput.ReadLineAsync().WaitAsync(Liveness);
}
