using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Host;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;
using Pipeline.Unit.Host;
using Pipeline.Unit.Host.Serving;

namespace Pipeline.Unit.Security;

/// <summary>Secrets are read where they lie, and nothing that somebody else may read repeats them.</summary>
public sealed class SecretTests : IDisposable
{
    /// <summary>In every secret, so that one search finds any of them.</summary>
    const string Canary = "canary-4f1e9c";

    static readonly Dictionary<string, string> Variables = new()
    {
        ["PIPELINE_TOKEN"] = $"token-{Canary}-of-the-dashboard",
        ["PIPELINE_WEBHOOK_SECRET"] = $"signs-{Canary}-every-body",
        ["PIPELINE_STORE_PASSWORD"] = $"password-{Canary}",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9",
        ["OTEL_EXPORTER_OTLP_HEADERS"] = $"authorization={Canary}",
    };

    const string WebhookUrl = $"https://user:{Canary}@chat.example.org/services/{Canary}?token={Canary}";

    readonly Nightly night = new();
    readonly StringBuilder said = new();

    public void Dispose() => night.Dispose();

    [Fact]
    public async Task No_file_no_output_and_no_page_holds_a_secret_after_a_night_that_failed_and_was_resumed()
    {
        await using var chat = await Receiver.StartAsync(HttpStatusCode.NotFound);
        Configure(WebhookUrl.Replace("https", "http").Replace("chat.example.org", new Uri(chat.Address).Authority));
        await SayAsync(ExitCode.Ok, "run", "spotify");
        await SayAsync(ExitCode.CheckFailed, "run", "vaccine-25x25", "--set", "datasets.vaccine.clusters.users=100000");
        await ServeAsync(chat);
        await SayAsync(ExitCode.CheckFailed, "resume");
        foreach (var verb in new[] { "config show", "config validate", "config validate --json", "doctor", "plan", "status", "runs show", "runs list --json", "schedule list", "report" })
        {
            await SayAsync(null, verb.Split(' '));
        }

        Assert.Contains("\"url\": \"***\"", said.ToString());
        Assert.Contains(Canary, Assert.Single(chat.All).Path);
        Assert.DoesNotContain(Canary, said.ToString());
        NothingIsWritten(30);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_address_from_the_environment_goes_before_the_file_and_neither_runs_nor_outputs_have_it(bool isFile)
    {
        await using Receiver chat = await Receiver.StartAsync(), old = await Receiver.StartAsync();
        Configure(old.Address);
        await SayAsync(ExitCode.CheckFailed, "run", "vaccine-25x25", "--set", "datasets.vaccine.clusters.users=100000");
        var address = $"{chat.Address}/{Canary}";
        var environment = new Dictionary<string, string> { ["PIPELINE_WEBHOOK_URL"] = isFile ? old.Address : address };
        if (isFile)
        {
            environment["PIPELINE_WEBHOOK_URL_FILE"] = Path.Combine(night.Folder, "address");
            File.WriteAllText(environment["PIPELINE_WEBHOOK_URL_FILE"], address + "\n");
        }

        using var server = await ServeProcess.StartAsync(night, environment, "--set", "datasets.spotify.training.steps=10000000");
        using var started = await server.Client.PostAsync("/runs", ("selection", "+spotify/train/mamba"));
        var run = new Ledger(new DataRoot(night.Data), TimeProvider.System).Runs().Single(each => each.State == RunState.Running);
        var variables = File.ReadAllText($"/proc/{run.Pid}/environ");
        Assert.True(SpinWait.SpinUntil(() => chat.All.Count > 0, TimeSpan.FromMinutes(2)), "The webhook was never told.");
        said.Append(await server.Client.TextAsync("/")).Append(await server.Client.TextAsync("/workers"));
        await server.StopAsync();
        said.Append(await server.ErrorAsync());

        Assert.Equal($"/{Canary}", chat.All[0].Path);
        Assert.Empty(old.All);
        Assert.Contains("PIPELINE_CHILD_OF_SERVE", variables);
        Assert.DoesNotContain("PIPELINE_WEBHOOK_URL=", variables);
        Assert.DoesNotContain(Canary, variables + said);
        NothingIsWritten(10);
    }

    [Fact]
    public void An_address_from_the_environment_that_is_none_is_refused_and_not_repeated()
    {
        using var server = night.Start(new Dictionary<string, string> { ["PIPELINE_WEBHOOK_URL"] = $"no-address-{Canary}" }, "serve", "--urls", "http://127.0.0.1:0");
        var error = server.StandardError.ReadToEnd();
        server.WaitForExit();

        Assert.Equal((int)ExitCode.InvalidConfiguration, server.ExitCode);
        Assert.Contains("PIPELINE_WEBHOOK_URL is no address", error);
        Assert.DoesNotContain(Canary, error);
    }

    [Theory]
    [InlineData("serve.webhook.url=http://h/{0}", "serve.webhook.url is secret")]
    [InlineData("serve.webhook={\"url\":\"http://h/{0}\"}", "serve.webhook.url is secret")]
    [InlineData("serve={\"webhook\":{\"url\":\"http://h/{0}\"}}", "serve.webhook.url is secret")]
    [InlineData("serve.webhook.url={0}", "serve.webhook.url is secret")]
    [InlineData("serve.webhok.url={0}", "serve.webhok is not an option")]
    [InlineData("https://h/{0}", "write it as path=value")]
    [InlineData("=https://h/{0}", "write it as path=value")]
    [InlineData("store.url=postgres://me:{0}@h/db", "holds a password")]
    [InlineData("store.url=postgres://me@h/db?password={0}", "holds a password")]
    [InlineData("serve.publicUrl=https://me:{0}@h", "without user and password")]
    public void A_secret_on_the_command_line_is_refused_and_not_repeated(string setting, string message)
    {
        foreach (var verb in new string[][] { ["run"], ["serve"], ["config", "show"], ["config", "validate", "--json"] })
        {
            var refused = night.Run([.. verb, "--set", setting.Replace("{0}", Canary)]);

            Assert.Equal(ExitCode.InvalidConfiguration, refused.Code);
            Assert.Contains(message, refused.Error);
            Assert.DoesNotContain(Canary, refused.Out + refused.Error);
        }

        Assert.False(Directory.Exists(night.Data));
    }

    [Theory]
    [InlineData("""{ "serve": { "webhook": { "url": "{0}" } } }""", "serve.webhook.url is ***; it must be an address")]
    [InlineData("""{ "serve": { "webhook": { "url": ["{0}"] } } }""", "serve.webhook.url is ***; it must be text")]
    [InlineData("""{ "serve": { "publicUrl": "http://{0}@h" } }""", "serve.publicUrl is ***")]
    [InlineData("""{ "store": { "url": "postgres://me:{0}@h/db" } }""", "store.url is ***: it holds a password")]
    [InlineData("""{ "schedules": { "n": { "cron": "0 3 * * *", "set": ["serve.webhook.url=http://h/{0}"] } } }""", "schedules.n.set sets serve.webhook.url, which is secret")]
    [InlineData("""{ "experiments": { "n": { "set": ["serve={\"webhook\":{\"url\":\"http://h/{0}\"}}"] } } }""", "experiments.n.set sets serve.webhook.url, which is secret")]
    public void A_wrong_secret_in_the_file_is_named_and_not_repeated(string file, string message)
    {
        File.WriteAllText(Path.Combine(night.Folder, "pipeline.json"), file.Replace("{0}", Canary));

        var refused = night.Run("config", "show");

        Assert.Equal(ExitCode.InvalidConfiguration, refused.Code);
        Assert.Contains(message, refused.Error);
        Assert.DoesNotContain(Canary, refused.Out + refused.Error);
    }

    [Theory]
    [InlineData("--store", "postgres://me:{0}@h/db")]
    [InlineData("--store=postgres://me:{0}@h/db", "spotify")]
    [InlineData("--serve.webhook.url={0}", "spotify")]
    public void An_option_that_holds_a_secret_is_refused_and_not_repeated(string option, string value)
    {
        var refused = night.Run("run", option.Replace("{0}", Canary), value.Replace("{0}", Canary));

        Assert.Contains(refused.Code, new[] { ExitCode.InvalidConfiguration, ExitCode.Usage });
        Assert.DoesNotContain(Canary, refused.Out + refused.Error);
    }

    [Fact]
    public void What_other_machines_are_told_of_the_configuration_holds_no_secret_and_is_a_configuration()
    {
        var options = OptionsReader.Read<PipelineConfiguration>($$"""{ "serve": { "webhook": { "url": "{{WebhookUrl}}" } } }""", "pipeline.json", []);

        var told = OptionsWriter.ToText(options, secret: null);

        Assert.DoesNotContain(Canary, told);
        Assert.Null(OptionsReader.Read<PipelineConfiguration>(told, "pipeline.json", []).Serve.Webhook.Url);
    }

    [Fact]
    public void A_run_of_an_earlier_version_that_was_given_a_secret_can_be_resumed()
    {
        night.Run("run", "vaccine-25x25", "--set", "datasets.vaccine.clusters.users=100000");
        var ledger = Path.Combine(night.Data, "ledger.jsonl");
        File.WriteAllText(ledger, File.ReadAllText(ledger).Replace("\"datasets.vaccine.clusters.users=100000\"", "\"serve.webhook.url=http://h/old\""));

        Assert.Equal(ExitCode.Ok, night.Run("resume").Code);
    }

    [Fact]
    public void A_secret_can_be_taken_away_on_the_command_line()
    {
        Configure(WebhookUrl);

        Assert.Contains("\"url\": null", night.Run("config", "show", "--set", "serve.webhook.url=null").Out);
    }

    async Task ServeAsync(Receiver chat)
    {
        using var server = await ServeProcess.StartAsync(night, Variables);
        var pages = new List<string> { "/", "/runs", "/compare", "/grid", "/lineage", "/schedules", "/artifacts", "/reports", "/trends", "/users", "/workers", "/metrics", "/readyz", "/healthz", "/nowhere" };
        pages.AddRange(new Ledger(new DataRoot(night.Data), TimeProvider.System).Runs().Select(run => $"/runs/{run.Run}"));
        foreach (var page in pages)
        {
            said.Append(await server.Client.TextAsync(page));
        }

        using var started = await server.Client.PostAsync("/runs", ("selection", "nowhere/train"));
        said.Append(await started.Content.ReadAsStringAsync()).Append(await server.Client.TextAsync("/runs"));

        Assert.True(SpinWait.SpinUntil(() => chat.All.Count > 0, TimeSpan.FromMinutes(2)), "The webhook was never told.");
        await server.StopAsync();
        said.Append(await server.ErrorAsync());
    }

    async Task SayAsync(ExitCode? expected, params string[] args)
    {
        using var process = night.Start(Variables, args);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        said.Append(await output).Append(await error);
        Assert.True(expected is null || process.ExitCode == (int)expected, $"{string.Join(' ', args)} exits with {process.ExitCode}: {await error}");
    }

    void Configure(string webhook) => File.WriteAllText(
        Path.Combine(night.Folder, "pipeline.json"), new JsonObject { ["serve"] = new JsonObject { ["webhook"] = new JsonObject { ["url"] = webhook } } }.ToJsonString());

    /// <param name="files">So many are searched at least.</param>
    void NothingIsWritten(int files)
    {
        var all = Directory.GetFiles(night.Data, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint });
        Assert.All(all, file => Assert.False(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary)) >= 0, file));
        Assert.True(all.Length > files);
    }
}
