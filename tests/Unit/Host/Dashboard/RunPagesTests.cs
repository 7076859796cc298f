using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Pipeline.Host;
using Pipeline.Host.Commands;
using Pipeline.Host.Dashboard;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Dashboard;

/// <summary>The pages about runs, asked of a server in this process over a data root with a run in it.</summary>
public sealed partial class RunPagesTests : IAsyncLifetime
{
    readonly CliFixture cli = new();
    WebApplication server = null!;
    HttpClient client = null!;
    LedgerIndex ledger = null!;

    public async Task InitializeAsync()
    {
        File.WriteAllText(cli.File("pipeline.json"), "{}");
        cli.Run("run", "--quiet");
        var context = new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, CurrentFolder = cli.Folder, Datasets = [cli.Dataset] };
        var data = DashboardFixture.Over(context, new CommonValues());
        ledger = data.Ledger;
        data.Plans.Patience = TimeSpan.FromMinutes(1);
        server = DashboardFixture.Serve(data, new ServeOptions("http://127.0.0.1:0", null), TextWriter.Null);
        await server.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
    }

    public async Task DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        cli.Dispose();
    }

    string Latest => ledger.Runs()[^1].Run;

    [Theory]
    [InlineData("/", "The last run of every dataset succeeded")]
    [InlineData("/runs", "1 run, the newest first")]
    [InlineData("/grid?dataset=spotify", "train/mamba")]
    [InlineData("/lineage?dataset=spotify", "3-models/mamba")]
    [InlineData("/lineage?dataset=spotify&stage=spotify/train/mamba", "Rerun from here")]
    public async Task Every_page_renders(string address, string expected) => Assert.Contains(expected, await client.GetStringAsync(address));

    [Fact]
    public async Task A_run_shows_when_its_stages_worked_and_what_they_made()
    {
        var page = await client.GetStringAsync($"/runs/{Latest}");

        Assert.Contains("class=\"timeline\"", page);
        Assert.Contains("/artifacts/spotify/3-models/mamba", page);
        Assert.Contains("ingest at work", page);
    }

    [Theory]
    [InlineData("/runs/20000101-000000-000")]
    [InlineData("/grid?dataset=nothing")]
    [InlineData("/lineage?dataset=spotify&stage=spotify/nothing")]
    public async Task What_there_is_not_is_not_found(string address) => Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(address)).StatusCode);

    [Theory]
    [InlineData("""{ "4-topk/mamba": "0123456789abcdef" }""", "Rolled back and held there until somebody releases it", "href=\"/artifacts/spotify/4-topk/mamba\"")]
    [InlineData("torn", "does not say which generations are pinned", "pipeline rollback spotify --release")]
    public async Task Lists_that_are_held_back_are_not_forgotten_on_the_overview(string pins, string what, string way)
    {
        File.WriteAllText(cli.File("data/spotify/.pins.json"), pins);

        var page = await client.GetStringAsync("/");

        Assert.Contains(what, page);
        Assert.Contains(way, page);
    }

    [SmallDiskFact]
    public async Task A_disk_that_is_nearly_full_is_told_before_a_night_fails_for_it()
    {
        using var disk = new SmallDisk(cli.File("small"), 16);
        var data = DashboardFixture.Over(new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, CurrentFolder = cli.Folder, Datasets = [cli.Dataset] }, new CommonValues { Data = cli.File("small") });
        await using var small = DashboardFixture.Serve(data, new ServeOptions("http://127.0.0.1:0", null), TextWriter.Null);
        await small.StartAsync();
        using var reader = new DashboardClient(new Uri(small.Urls.First()));

        var page = await reader.TextAsync("/");

        Assert.Contains("Only 16.0 MiB free on the disk of the data.", page);
        Assert.Contains("pipeline prune", page);
    }

    [Fact]
    public async Task A_running_run_shows_its_progress()
    {
        var page = "";
        cli.Dataset.Deeds["train/mamba"] = async (_, cancellation) => page = await client.GetStringAsync($"/runs/{Latest}", cancellation) + await client.GetStringAsync("/", cancellation);

        Assert.Equal(ExitCode.Ok, (await cli.RunAsync(CancellationToken.None, "run", "spotify/train+", "--force", "--quiet")).Code);

        Assert.Equal(2, Regex.Count(page, "Running now"));
        Assert.Contains("data-stage=\"spotify/train/mamba\"", page);
        Assert.Contains("Cancel", page);
    }

    [Fact]
    public async Task What_failed_is_said_first_on_the_run_and_on_the_overview()
    {
        cli.Dataset.Deeds["train/mamba"] = (_, _) => throw new InvalidOperationException("Not today.");
        cli.Run("run", "spotify/train+", "--force", "--quiet");

        foreach (var address in (string[])["/", $"/runs/{Latest}"])
        {
            var page = await client.GetStringAsync(address);
            Assert.Contains("Not today.", page);
            Assert.Contains("Resume", page);
        }
    }

    [Fact]
    public async Task A_stage_names_the_run_that_made_what_is_in_use()
    {
        var maker = Latest;
        cli.Run("run", "spotify/report", "--force", "--quiet");

        Assert.Contains($"in <a href=\"/runs/{maker}", await client.GetStringAsync("/lineage?dataset=spotify&stage=spotify/train/mamba"));
    }

    [Fact]
    public async Task A_configuration_that_changed_since_the_server_started_is_said()
    {
        Assert.DoesNotContain("pipeline.json has changed", await client.GetStringAsync("/"));

        File.SetLastWriteTimeUtc(cli.File("pipeline.json"), new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Contains("pipeline.json has changed", await client.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_line_of_the_ledger_that_cannot_be_read_hides_only_itself()
    {
        File.AppendAllText(cli.File("data/ledger.jsonl"), "{\"event\":\"somethingNew\",\"run\":\"x\"}\nnonsense\n");

        Assert.Contains(Latest, await client.GetStringAsync("/runs"));
        Assert.Contains(Latest, await client.GetStringAsync("/"));
    }

    [Fact]
    public async Task A_damaged_manifest_makes_its_stage_stale_and_hides_nothing()
    {
        File.WriteAllText(cli.File("data/spotify/3-models/mamba/current/manifest.json"), "nonsense");

        Assert.Contains("is damaged", await client.GetStringAsync("/lineage?dataset=spotify&stage=spotify/train/mamba"));
        Assert.Contains("1 of 4 stages", await client.GetStringAsync("/"));
    }

    [Theory]
    [InlineData("rerun")]
    [InlineData("cancel")]
    [InlineData("resume")]
    public async Task An_action_without_the_token_of_the_form_is_refused(string action)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("stage", "spotify/report")]);

        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync($"/runs/{Latest}/{action}", form)).StatusCode);
        Assert.Single(ledger.Runs());
    }

    [Fact]
    public async Task A_stage_that_the_run_did_not_have_is_not_run_again()
    {
        var token = TokenOfForm().Match(await client.GetStringAsync($"/runs/{Latest}")).Groups[1].Value;
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("stage", "spotify/nothing"), KeyValuePair.Create("token", token)]);

        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync($"/runs/{Latest}/rerun", form)).StatusCode);
        Assert.Single(ledger.Runs());
    }

    [GeneratedRegex("name=\"token\" value=\"([^\"]+)\"")]
    private static partial Regex TokenOfForm();
}
