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
        var data = Over(context, new CommonValues());
        var server = Serve(data, new ServeOptions(url, token), log);
        await server.StartAsync();
        return new DashboardFixture(cli, server, data, log);
    }

    /// <summary>All that pages look at, over a data root.</summary>
    public static DashboardData Over(CliContext context, CommonValues values)
    {
        var session = new Session(context, values);
        var ledger = new LedgerIndex(session.Data, context.Clock);
        var book = new ScheduleBook(context, values);
        var scheduler = new QuartzScheduler(book.Entries, new Ledger(session.Data, context.Clock), ledger, context.Clock, (_, _) => Task.CompletedTask);
        return new DashboardData(session, ledger, new RunLauncher(["--data", session.Data.Path], context.CurrentFolder, ledger, context.Clock), book, scheduler);
    }

    /// <param name="log">What the server says.</param>
    public static WebApplication Serve(DashboardData data, ServeOptions options, TextWriter log) =>
        DashboardServer.Create(data, options, new ServeLog(log, isTerminal: false, isQuiet: false, TimeProvider.System));

    public DashboardClient Client(string? bearer = null) => new(Address, bearer);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Cli.Dispose();
    }
}
