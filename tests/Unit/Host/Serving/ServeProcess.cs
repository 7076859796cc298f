using System.Diagnostics;
using Pipeline.Stages;
using Pipeline.Unit.Host.Dashboard;

namespace Pipeline.Unit.Host.Serving;

/// <summary>`serve` as a process of its own over a small night. Killed with the test if it still lives.</summary>
sealed class ServeProcess : IDisposable
{
    readonly Process process;
    readonly Task<string> error;

    readonly DataRoot data;

    ServeProcess(Process process, Uri address, DataRoot data, string? bearer)
    {
        (this.process, this.data) = (process, data);
        Client = new DashboardClient(address, bearer);
        error = process.StandardError.ReadToEndAsync();
    }

    public DashboardClient Client { get; }

    public int Pid => process.Id;

    public static Task<ServeProcess> StartAsync(Nightly night, params string[] args) => StartAsync(night, new Dictionary<string, string>(), args);

    /// <param name="environment">Beside that of this process.</param>
    public static async Task<ServeProcess> StartAsync(Nightly night, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var process = night.Start(environment, ["serve", "--urls", "http://127.0.0.1:0", .. args]);
        var line = await process.StandardOutput.ReadLineAsync();
        Assert.True(line?.StartsWith("Dashboard: ", StringComparison.Ordinal), line ?? await process.StandardError.ReadToEndAsync());
        return new ServeProcess(process, new Uri(line!["Dashboard: ".Length..]), new DataRoot(night.Data), environment.GetValueOrDefault("PIPELINE_TOKEN"));
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        Assert.True(ProcessSignal.Terminate(process.Id));
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>All of standard error, once the process has ended.</summary>
    public Task<string> ErrorAsync() => error;

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        // Its runs die with it, a moment later: whoever deletes the folder must not meet them.
        SpinWait.SpinUntil(() => DatasetLock.Holder(data, "spotify") is null, TimeSpan.FromMinutes(1));
        Client.Dispose();
        process.Dispose();
    }
}
