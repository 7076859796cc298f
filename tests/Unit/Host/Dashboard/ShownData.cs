using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Pipeline.Host;
using Pipeline.Host.Commands;
using Pipeline.Host.Dashboard;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Dashboard;

/// <summary>Two small nights of spotify, the second with a smaller batch, and one of hm, behind the dashboard on a free port.</summary>
public sealed partial class ShownData : IAsyncLifetime
{
    readonly Nightly nights = new();
    readonly HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false });
    WebApplication server = null!;

    internal DashboardData Data { get; private set; } = null!;

    internal DataRoot Root => Data.Session.Data;

    public async Task InitializeAsync()
    {
        Assert.Equal(ExitCode.Ok, nights.Run("run", "spotify").Code);
        Assert.Equal(ExitCode.Ok, nights.Run("run", "spotify", "hm", "--set", "datasets.spotify.training.batch=16").Code);
        var context = new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, CurrentFolder = nights.Data };
        Data = DashboardFixture.Over(context, new CommonValues { Data = nights.Data });
        server = DashboardFixture.Serve(Data, ServeOptions.Read("http://127.0.0.1:0", _ => null), TextWriter.Null);
        await server.StartAsync();
        client.BaseAddress = new Uri(server.Urls.First());
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        nights.Dispose();
    }

    public Task<HttpResponseMessage> GetAsync(string address) => client.GetAsync(new Uri(address, UriKind.Relative));

    /// <summary>The text of a page that is there.</summary>
    public async Task<string> PageAsync(string address)
    {
        using var response = await GetAsync(address);
        var page = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {response.StatusCode} {page}");
        return page;
    }

    /// <summary>Sends a form of a page, with the page's token.</summary>
    public async Task<HttpResponseMessage> SendAsync(string page, string action, params IEnumerable<(string Name, string Value)> fields)
    {
        var token = Token().Match(await PageAsync(page)).Groups[1].Value;
        using var content = new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), KeyValuePair.Create("token", token)]);
        return await client.PostAsync(new Uri(action, UriKind.Relative), content);
    }

    /// <summary>Names of the generations of an artifact, the one in use first.</summary>
    internal IReadOnlyList<string> Generations(string dataset, string folder) =>
    [
        .. DatasetScan.Of(Root, dataset).Generations.Where(generation => generation.Artifact == folder).OrderByDescending(generation => generation.IsCurrent)
            .Select(generation => generation.Name),
    ];

    [GeneratedRegex("name=\"token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
