using Pipeline.Host.Commands;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public sealed class ScheduleTests : IDisposable
{
    readonly CliFixture cli = new();

    public ScheduleTests() => File.WriteAllText(cli.File("pipeline.json"), """
        { "schedules": {
            "weekly": { "cron": "0 0 3 ? * SUN" },
            "nightly": { "cron": "30 2 * * *", "timeZone": "Europe/Berlin", "selection": ["spotify/ingest"], "set": ["datasets.spotify.raw=raw"], "timeoutMinutes": 90 } } }
        """);

    public void Dispose() => cli.Dispose();

    [Fact]
    public void The_list_says_what_runs_when_and_how_it_went()
    {
        cli.RawFolder();
        cli.Run("schedule", "trigger", "nightly");

        var schedules = cli.Run("schedule", "list", "--json").Json.GetProperty("schedules");
        var text = cli.Run("schedule", "list").Out;

        Assert.Equal(["nightly", "weekly"], schedules.EnumerateArray().Select(each => each.GetProperty("schedule").GetString()));
        Assert.Equal("succeeded", schedules[0].GetProperty("lastRun").GetProperty("state").GetString());
        Assert.Equal("trigger", schedules[0].GetProperty("lastRun").GetProperty("origin").GetString());
        Assert.Equal("spotify", schedules[1].GetProperty("selection")[0].GetString());
        Assert.Matches("nightly +30 2 \\* \\* \\* +Europe/Berlin +spotify/ingest +2[0-9-]+ +succeeded +2[0-9-]+ 02:30:00 \\+0[12]:00 +2[0-9-]+ 0[01]:30:00 UTC", text);
    }

    [Fact]
    public void Without_schedules_the_list_says_how_to_declare_one()
    {
        File.Delete(cli.File("pipeline.json"));

        Assert.StartsWith("No schedule. Declare one", cli.Run("schedule", "list").Out);
        Assert.Empty(cli.Run("schedule", "list", "--json").Json.GetProperty("schedules").EnumerateArray());
    }

    [Fact]
    public void The_next_instants_are_as_many_as_asked_for_in_order()
    {
        var fires = cli.Run("schedule", "next", "--count", "3", "--json").Json.GetProperty("fires").EnumerateArray().ToList();

        Assert.Equal(6, fires.Count);
        Assert.Equal(fires.Select(fire => fire.GetProperty("utc").GetDateTime()).Order(), fires.Select(fire => fire.GetProperty("utc").GetDateTime()));
        Assert.Equal(2, cli.Run("schedule", "next", "weekly", "--count", "2", "--json").Json.GetProperty("fires").GetArrayLength());
    }

    [Fact]
    public void A_triggered_run_has_the_selection_and_the_settings_of_its_schedule_and_the_ledger_says_who_asked()
    {
        cli.RawFolder();

        var result = cli.Run("schedule", "trigger", "nightly");

        Assert.Equal(ExitCode.Ok, result.Code);
        var run = Assert.Single(Runs());
        Assert.Equal((RunCause.OfTrigger, "nightly", null), (run.Origin, run.Schedule, run.Due));
        Assert.Equal([$"datasets.spotify.raw={cli.File("raw")}"], run.Settings);
        Assert.Equal("spotify/ingest", Assert.Single(run.Stages).Stage);
        Assert.Contains("asked by  trigger, schedule nightly", cli.Run("runs", "show").Out);
    }

    [Fact]
    public void What_the_command_line_sets_is_stronger_than_what_the_schedule_sets()
    {
        cli.RawFolder();
        var other = cli.RawFolder("other");

        Assert.Equal(ExitCode.Ok, cli.Run("schedule", "trigger", "nightly", "--set", "datasets.spotify.raw=other").Code);

        Assert.EndsWith(other, Assert.Single(Runs()).Settings[^1]);
    }

    [Fact]
    public void Paths_of_a_schedule_start_from_the_file_that_declares_it()
    {
        Directory.CreateDirectory(cli.File("etc"));
        File.Move(cli.File("pipeline.json"), cli.File("etc/pipeline.json"));
        cli.RawFolder("etc/raw");

        Assert.Equal(ExitCode.Ok, cli.Run("schedule", "trigger", "nightly", "--config", "etc/pipeline.json", "--data", "data").Code);

        Assert.Equal([$"datasets.spotify.raw={cli.File("etc/raw")}"], Assert.Single(Runs()).Settings);
    }

    [Fact]
    public void A_run_that_takes_longer_than_its_schedule_allows_is_ended()
    {
        cli.RawFolder();
        var clock = new Pipeline.Unit.Stages.TimerClock();
        cli.Clock = clock;
        cli.Dataset.Deeds["ingest"] = (_, cancellation) =>
        {
            clock.Advance(TimeSpan.FromMinutes(91));
            cancellation.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        };

        Assert.Equal(ExitCode.StageFailed, cli.Run("schedule", "trigger", "nightly").Code);
    }

    [Fact]
    public void A_run_that_a_server_asks_for_bears_its_due_instant_and_is_begun_once()
    {
        cli.RawFolder();
        string[] fire = ["schedule", "trigger", "nightly", "--due", "2026-11-22T01:30:00.0000000Z", "--attempt", "1"];

        Assert.Equal(ExitCode.Ok, cli.Run(fire).Code);
        var again = cli.Run(fire);

        Assert.Equal(ExitCode.Busy, again.Code);
        Assert.Contains("was begun before, as run ", again.Error);
        var run = Assert.Single(Runs());
        Assert.Equal((RunCause.OfSchedule, new DateTimeOffset(2026, 11, 22, 1, 30, 0, TimeSpan.Zero)), (run.Origin, run.Due!.Value));
        Assert.Contains("asked by  schedule nightly, due 2026-11-22 01:30:00 UTC", cli.Run("runs", "show").Out);
    }

    [Fact]
    public void A_resumed_run_still_belongs_to_its_schedule()
    {
        cli.RawFolder();
        cli.Dataset.Deeds["ingest"] = (_, _) => throw new InvalidOperationException("Not today.");
        cli.Run("schedule", "trigger", "nightly", "--due", "2026-11-22T01:30Z");
        cli.Dataset.Deeds.Clear();

        Assert.Equal(ExitCode.Ok, cli.Run("resume").Code);

        Assert.Equal([("schedule", "nightly"), ("resume", "nightly")], Runs().Select(run => (run.Origin!, run.Schedule!)));
        Assert.Contains("succeeded", cli.Run("schedule", "list").Out);
    }

    [Fact]
    public void Pause_and_resume_are_seen_by_the_list()
    {
        Assert.Equal(ExitCode.Ok, cli.Run("schedule", "pause", "nightly").Code);
        Assert.True(cli.Run("schedule", "list", "--json").Json.GetProperty("schedules")[0].GetProperty("isPaused").GetBoolean());

        Assert.False(cli.Run("schedule", "resume", "nightly", "--json").Json.GetProperty("isPaused").GetBoolean());
        Assert.False(cli.Run("schedule", "list", "--json").Json.GetProperty("schedules")[0].GetProperty("isPaused").GetBoolean());
        Assert.Empty(Runs());
    }

    [Theory]
    [InlineData("trigger")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("next")]
    public void A_schedule_that_there_is_not_names_the_nearest(string verb)
    {
        var result = cli.Run("schedule", verb, "nigthly");

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains("There is no schedule 'nigthly'. Nearest: nightly.", result.Error);
    }

    [Theory]
    [InlineData("""["spotify/ingets"]""", """[]""", "schedules.nightly: No stage is called 'spotify/ingets'. Nearest: spotify/ingest")]
    [InlineData("""[]""", """["thread=1"]""", "thread is not an option. Nearest: threads")]
    public void A_schedule_that_could_not_run_is_told_of_by_the_list(string selection, string set, string expected)
    {
        File.WriteAllText(cli.File("pipeline.json"), $$"""{ "schedules": { "nightly": { "cron": "30 2 * * *", "selection": {{selection}}, "set": {{set}} } } }""");

        var result = cli.Run("schedule", "list");

        Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
        Assert.Contains(expected, result.Error);
    }

    [Fact]
    public void An_instant_that_is_none_is_refused() =>
        Assert.Contains($"{ScheduleCommand.Due} is 'soon'; it must be an instant", cli.Run("schedule", "trigger", "nightly", "--due", "soon").Error);

    IReadOnlyList<RunRecord> Runs() => new Ledger(new DataRoot(cli.File("data")), TimeProvider.System).Runs();
}
