using Microsoft.AspNetCore.Builder;
using Pipeline.Host;
using Pipeline.Host.Commands;
using Pipeline.Host.Dashboard;
using Pipeline.Host.Schedule;
using Pipeline.Host.Serving;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Dashboard;

/// <summary>The dashboard over a small dataset, in this process, on a free port. Gone with the fixture.</summary>
sealed class DashboardFixture : IAsyncDisposable
{
    readonly WebApplication server;

    DashboardFixture(CliFixture cli, WebApplication server, DashboardData data, StringWriter log)
    {
        (Cli, this.server, Data, Log) = (cli, server, data, log);
        Address = new Uri(server.Urls.First());
    }

    public CliFixture Cli { get; }

    public DashboardData Data { get; }

    public Uri Address { get; }

    /// <summary>What the server said.</summary>
    public StringWriter Log { get; }

    public Ledger Ledger => new(Data.Session.Data, TimeProvider.System);

    public IReadOnlyList<Microsoft.AspNetCore.Routing.RouteEndpoint> Routes =>
        [.. ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)server).DataSources.SelectMany(source => source.Endpoints).OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()];

    public static async Task<DashboardFixture> StartAsync(string? token = null, string url = "http://127.0.0.1:0")
    {
        var cli = new CliFixture();
        var log = new StringWriter();
        var context = new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, CurrentFolder = cli.Folder, Datasets = [cli.Dataset] };
        var session = new Session(context, new CommonValues());
        var ledger = new LedgerIndex(session.Data, TimeProvider.System);
        var book = new ScheduleBook(context, new CommonValues());
        var scheduler = new QuartzScheduler(book.Entries, new Ledger(session.Data, TimeProvider.System), ledger, TimeProvider.System, (_, _) => Task.CompletedTask);
        var data = new DashboardData(session, ledger, new RunLauncher(["--data", session.Data.Path], cli.Folder, TimeProvider.System), book, scheduler);
        var server = DashboardServer.Create(data, new ServeOptions(url, token), new ServeLog(log, isTerminal: false, isQuiet: false, TimeProvider.System));
        await server.StartAsync();
        return new DashboardFixture(cli, server, data, log);
    }

    public DashboardClient Client(string? bearer = null) => new(Address, bearer);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Cli.Dispose();
    }
}
