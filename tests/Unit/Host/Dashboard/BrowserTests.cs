using System.Diagnostics;
using Pipeline.Unit.Host.Serving;

namespace Pipeline.Unit.Host.Dashboard;

/// <summary>tests/Browser/browser.mjs: the dashboard as a person sees it.</summary>
public class BrowserTests
{
    [BrowserFact]
    public async Task A_run_is_started_watched_cancelled_and_gone_on_with_until_it_succeeds()
    {
        using var night = new Nightly();
        using var server = await ServeProcess.StartAsync(night, "--set", "datasets.spotify.training.steps=4000", "--set", "datasets.spotify.training.probeEverySteps=2000");

        await Browse(server.Client.Address, "trigger", "progress", "cancel", "resume", "progress", "success");
    }

    [BrowserFact]
    public async Task A_night_is_run_again_from_the_training_its_report_opened_a_schedule_paused_and_a_user_looked_up()
    {
        using var night = new Nightly();
        File.WriteAllText(Path.Combine(night.Data, "..", "pipeline.json"), """{ "schedules": { "nightly": { "cron": "30 2 29 2 *", "timeZone": "Europe/Berlin" } } }""");
        using var server = await ServeProcess.StartAsync(night);

        await Browse(server.Client.Address, "trigger", "success", "rerunFromTrain", "report", "pause", "lookUp", "everyPage");
    }

    [BrowserFact]
    public async Task Hostile_text_runs_no_script()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        HostileTextTests.Write(dashboard);

        await Browse(dashboard.Address, "everyRun");
    }

    static async Task Browse(Uri address, params string[] steps)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["browser.mjs", address.ToString(), .. steps])
        {
            WorkingDirectory = BrowserFactAttribute.Folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var said = Task.WhenAll(node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, string.Join('\n', await said));
    }
}

/// <summary>A test that needs a browser, and is skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip =
        !Directory.Exists(Path.Combine(Folder, "node_modules")) ? "The browser's driver is not installed: run npm install --no-save in tests/Browser."
        : !File.Exists(Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium") ? "There is no /usr/bin/chromium; CHROMIUM may name another."
        : Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, "node"))) ? null
        : "The browser's driver needs node, which is not on the path.";

    public static string Folder { get; } = Path.Combine(RealData.Root(), "tests", "Browser");
}
