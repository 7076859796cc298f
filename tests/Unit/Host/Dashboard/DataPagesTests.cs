using System.Net;
using Pipeline.Features;
using Pipeline.Host;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Unit.Host.Dashboard;

public sealed class DataPagesTests(ShownData shown) : IClassFixture<ShownData>
{
    [Theory]
    [InlineData("/artifacts", "2-features/users")]
    [InlineData("/artifacts?dataset=hm", "1-tables/articles")]
    [InlineData("/artifacts/spotify/2-features/users", "genre_jazz")]
    [InlineData("/artifacts/spotify/4-topk/mamba", "Roll back to this")]
    [InlineData("/artifacts/spotify/5-report", "Open the report")]
    [InlineData("/reports", "NDCG@10")]
    [InlineData("/trends", "95 % interval")]
    [InlineData("/trends?dataset=hm&metric=MAP&k=12", "MAP@12")]
    [InlineData("/compare", "Settings that differ")]
    [InlineData("/users", "Look up")]
    [InlineData("/workers", "No process")]
    public async Task Every_page_of_data_is_there(string address, string expected) => Assert.Contains(expected, await shown.PageAsync(address));

    [Theory]
    [InlineData("/artifacts?dataset=nobody")]
    [InlineData("/artifacts/nobody/2-features/users")]
    [InlineData("/artifacts/spotify/2-features/nothing")]
    [InlineData("/artifacts/spotify/..%2f..%2fetc")]
    [InlineData("/artifacts/spotify/2-features/users?generation=0123456789abcdef")]
    [InlineData("/artifacts/spotify/2-features/users?part=..%2f..%2fledger.jsonl")]
    [InlineData("/reports/nobody/0123456789abcdef")]
    [InlineData("/reports/spotify/0123456789abcdef")]
    [InlineData("/reports/spotify/current")]
    [InlineData("/reports/spotify/..%2f..%2fledger.jsonl")]
    [InlineData("/experiments/nothing")]
    [InlineData("/experiments/..%2f..")]
    [InlineData("/trends?dataset=spotify&metric=nothing")]
    [InlineData("/compare?a=nothing&b=nothing")]
    [InlineData("/users?dataset=nobody&user=a")]
    [InlineData("/users?dataset=spotify&user=jazz%2Bpop&list=..")]
    public async Task An_unknown_name_is_404(string address)
    {
        using var response = await shown.GetAsync(address);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/users?dataset=spotify&user=")]
    [InlineData("/artifacts?dataset=")]
    [InlineData("/trends?metric=")]
    [InlineData("/compare?a=")]
    [InlineData("/artifacts/spotify/")]
    public async Task A_name_is_shown_as_text(string address)
    {
        const string Name = "<img src=x onerror=alert(1)>";
        using var response = await shown.GetAsync(address + Uri.EscapeDataString(Name));
        var page = await response.Content.ReadAsStringAsync();

        Assert.DoesNotContain(Name, page);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", page);
    }

    [Fact]
    public async Task A_folder_with_a_hostile_name_is_shown_as_text_and_its_page_opens()
    {
        var folder = Directory.CreateDirectory(Path.Combine(shown.Root.Dataset("spotify"), "4-topk", "<b>\"x\"", "0123456789abcdef"));
        try
        {
            Assert.DoesNotContain("<b>", await shown.PageAsync("/artifacts"));
            Assert.Contains("manifest.json is missing", await shown.PageAsync($"/artifacts/spotify/4-topk/{Uri.EscapeDataString("<b>\"x\"")}"));
        }
        finally
        {
            folder.Parent!.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_read_hides_only_itself()
    {
        var (current, earlier) = (shown.Generations("spotify", "3-models/mamba")[0], shown.Generations("spotify", "3-models/mamba")[1]);
        var manifest = Path.Combine(shown.Root.Dataset("spotify"), "3-models/mamba", current, ManifestFile.Name);
        var sound = File.ReadAllBytes(manifest);
        try
        {
            File.WriteAllText(manifest, "{ \"artifact\": ");

            var page = await shown.PageAsync("/artifacts/spotify/3-models/mamba");
            Assert.Contains("manifest.json is damaged", page);
            Assert.Contains("model.safetensors", await shown.PageAsync($"/artifacts/spotify/3-models/mamba?generation={earlier}"));
            Assert.Contains("2-features/users", await shown.PageAsync("/artifacts"));
        }
        finally
        {
            File.WriteAllBytes(manifest, sound);
        }
    }

    [Fact]
    public async Task A_generation_is_held_against_the_one_before()
    {
        var page = await shown.PageAsync("/artifacts/spotify/3-models/mamba");

        var options = page[page.IndexOf("option training.batch", StringComparison.Ordinal)..];
        Assert.Matches("^option training.batch</th><td>32</td><td>16</td>", options);
        Assert.DoesNotContain("option training.steps", page);
    }

    [Fact]
    public async Task Rows_are_shown_by_the_page()
    {
        var first = await shown.PageAsync("/artifacts/spotify/4-topk/mamba");
        var second = await shown.PageAsync("/artifacts/spotify/4-topk/mamba?group=1&from=51");

        Assert.Contains("Rows 1 to 50 of", first);
        Assert.Contains("Rows 51 to 100 of", second);
        Assert.Contains("from=51#rows", first);
    }

    [Fact]
    public async Task Verify_reads_every_byte_and_says_what_is_wrong()
    {
        var name = shown.Generations("spotify", "2-features/affinity")[0];
        var folder = DatasetScan.Of(shown.Root, "spotify").Generations.Single(generation => generation.Artifact == "2-features/affinity" && generation.Name == name);
        var part = Directory.GetFiles(folder.Path, "*.parquet")[0];
        var sound = File.ReadAllBytes(part);
        try
        {
            File.WriteAllBytes(part, [.. sound[..^1], (byte)(sound[^1] ^ 1)]);

            using var response = await shown.SendAsync("/artifacts/spotify/2-features/affinity", "/artifacts/verify", ("dataset", "spotify"), ("folder", "2-features/affinity"), ("generation", name));
            Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
            await shown.Data.Checks.Start("spotify", folder);
            Assert.Contains("has SHA-256", await shown.PageAsync(response.Headers.Location!.ToString()));
        }
        finally
        {
            File.WriteAllBytes(part, sound);
        }
    }

    [Fact]
    public async Task A_form_without_the_pages_token_does_nothing()
    {
        using var content = new FormUrlEncodedContent([]);
        using var client = new HttpClient();
        using var response = await client.PostAsync(new Uri(new Uri((await shown.GetAsync("/")).RequestMessage!.RequestUri!, "/artifacts/verify").ToString()), content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("/artifacts/verify")]
    [InlineData("/artifacts/rollback")]
    public async Task An_action_on_a_generation_that_is_not_there_is_404(string action)
    {
        using var response = await shown.SendAsync("/artifacts/spotify/4-topk/mamba", action, ("dataset", "spotify"), ("folder", "4-topk/mamba"), ("generation", "--release"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_report_comes_as_it_was_written_and_may_do_nothing_but_style_itself()
    {
        var name = shown.Generations("spotify", "5-report")[0];
        using var response = await shown.GetAsync($"/reports/spotify/{name}");

        Assert.Equal(File.ReadAllText(Path.Combine(shown.Root.Dataset("spotify"), "5-report", name, "report.html")), await response.Content.ReadAsStringAsync());
        Assert.StartsWith("default-src 'none'; style-src 'unsafe-inline'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_that_cannot_be_read_hide_only_themselves()
    {
        var metrics = Path.Combine(shown.Root.Dataset("spotify"), "5-report", shown.Generations("spotify", "5-report")[0], "metrics.json");
        var sound = File.ReadAllBytes(metrics);
        try
        {
            File.WriteAllText(metrics, "[]");

            Assert.Contains("is damaged", await shown.PageAsync("/reports"));
            Assert.Contains("All lists", await shown.PageAsync("/trends?dataset=spotify"));
        }
        finally
        {
            File.WriteAllBytes(metrics, sound);
        }
    }

    [Fact]
    public async Task A_trend_follows_the_order_of_the_runs()
    {
        var page = await shown.PageAsync("/trends?dataset=spotify&metric=P&k=5");
        var (current, earlier) = (shown.Generations("spotify", "5-report")[0], shown.Generations("spotify", "5-report")[1]);

        // The table shows the newest first; the second run made the current one.
        Assert.InRange(page.IndexOf(current, StringComparison.Ordinal), 0, page.IndexOf(earlier, StringComparison.Ordinal));
        Assert.All(shown.Data.Ledger.Runs(), run => Assert.Contains($"/runs/{run.Run}", page));
    }

    [Fact]
    public async Task Two_runs_are_compared_by_settings_and_by_the_reports_that_they_made()
    {
        var runs = shown.Data.Ledger.Runs();
        var page = await shown.PageAsync($"/compare?a={runs[0].Run}&b={runs[1].Run}");

        Assert.Contains("setting datasets.spotify.training.batch</th><td></td><td>16</td>", page);
        Assert.Contains("spotify/train/mamba: training.batch</th><td>32</td><td>16</td>", page);
        Assert.Contains("FT-Mamba P@5", page);
        Assert.Contains("only in one", page);
    }

    [Fact]
    public void The_ledger_says_which_run_made_a_generation()
    {
        var runs = shown.Data.Ledger.Runs();
        var lists = shown.Generations("spotify", "4-topk/mamba");

        Assert.Equal(runs[1].Run, shown.Data.Ledger.MakerOf(lists[0])?.Run);
        Assert.Equal(runs[0].Run, shown.Data.Ledger.MakerOf(lists[1])?.Run);
        Assert.Null(shown.Data.Ledger.MakerOf("0123456789abcdef"));
        // The second night found the first one's features: it names them, and has not made them.
        var users = shown.Generations("spotify", "2-features/users")[0];
        Assert.Contains(users, shown.Data.Ledger.Find(runs[1].Run)!.Stages.Single(stage => stage.Stage == "spotify/features").Made);
        Assert.Equal(runs[0].Run, shown.Data.Ledger.MakerOf(users)?.Run);
    }

    [Fact]
    public async Task A_users_lists_have_names_and_stand_side_by_side()
    {
        var page = await shown.PageAsync("/users?dataset=spotify&user=jazz%2Bpop");
        var list = new ListLookup(shown.Root.CurrentFolder("spotify", PublishedLists.ArtifactOf("mamba"))!).Find("jazz+pop")!;

        Assert.Contains("<h3>FT-Mamba</h3>", page);
        Assert.Contains("<h3>FT-Transformer</h3>", page);
        Assert.All(list.Items, item => Assert.Contains($"<span class=\"id\">{item.Item}</span>", page));
        Assert.Contains("<th scope=\"row\">genre_jazz</th><td>1</td>", page);
    }

    [Fact]
    public async Task An_unknown_user_is_told_the_nearest() =>
        Assert.Contains("<a href=\"/users?dataset=spotify&amp;user=jazz%2Bpop\">", await shown.PageAsync("/users?dataset=spotify&user=jaz%2Bpop"));

    [Fact]
    public async Task What_a_customer_bought_is_shown_with_its_day()
    {
        var history = Read("hm", FeatureArtifacts.History);
        var (users, days) = (history.Values<int>("user"), history.Values<int>("day"));
        var ids = Read("hm", FeatureArtifacts.Users).Strings("id");

        Assert.Contains($"<th scope=\"row\">{Days.Text(days[0])}</th>", await shown.PageAsync($"/users?dataset=hm&user={ids.Text(users[0])}"));
    }

    [Fact]
    public async Task Who_holds_a_lock_is_at_work()
    {
        using (DatasetLock.Take(shown.Root, "vaccine-25x25", new LockHolder(4711, "<host>", "20261121-000000-000", "pipeline run", DateTimeOffset.UnixEpoch)))
        {
            var page = await shown.PageAsync("/workers");
            Assert.Contains("4711", page);
            Assert.Contains("&lt;host&gt;", page);
            Assert.Contains("vaccine-25x25", page);
        }
    }

    [Fact]
    public void A_search_by_number_finds_what_reading_all_rows_finds()
    {
        var all = Read("spotify", FeatureArtifacts.Train);
        var (users, items) = (all.Values<int>("user"), all.Values<int>("item"));
        var found = new TableSearch(shown.Root.CurrentFolder("spotify", FeatureArtifacts.Train)!, isTogether: false).Find(TableKey.Number("user", users[7]), ["item"]);

        Assert.Equal(
            Enumerable.Range(0, all.Count).Where(row => users[row] == users[7]).Select(row => items[row]),
            found.SelectMany(rows => rows.At.Select(row => rows.Group.Values<int>("item")[row])));
    }

    RowGroup Read(string dataset, Artifact artifact)
    {
        var folder = shown.Root.CurrentFolder(dataset, artifact)!;
        return TableFiles.ReadAll(new InputFolder(artifact, null, folder, ManifestFile.Read(folder)));
    }
}
