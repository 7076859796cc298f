using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public sealed class RunTests : IDisposable
{
    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void A_run_makes_everything_and_says_what_it_made()
    {
        var result = cli.Run("run", "--json");

        Assert.Equal(ExitCode.Ok, result.Code);
        Assert.Equal(
            ["spotify/sample done", "spotify/ingest done", "spotify/train/mamba done", "spotify/report done"],
            result.Json.GetProperty("stages").EnumerateArray().Select(stage => $"{stage.GetProperty("stage")} {stage.GetProperty("result")}"));
    }

    [Fact]
    public void After_a_run_the_plan_says_that_nothing_is_to_do()
    {
        cli.Run("run");

        var result = cli.Run("plan");

        Assert.Equal(ExitCode.Ok, result.Code);
        Assert.EndsWith("\nNothing to do.\n", result.Out);
        Assert.True(cli.Run("plan", "--json").Json.GetProperty("done").GetBoolean());
    }

    [Fact]
    public void A_second_run_skips_everything()
    {
        cli.Run("run");

        Assert.Contains("Nothing to do: everything is up to date.", cli.Run("run").Out);
    }

    [Fact]
    public void A_forced_run_makes_the_selected_stage_again()
    {
        cli.Run("run");

        var stages = cli.Run("run", "spotify/report", "--force", "--json").Json.GetProperty("stages");

        Assert.Equal("done", Assert.Single(stages.EnumerateArray()).GetProperty("result").GetString());
    }

    [Fact]
    public void A_changed_option_reruns_what_depends_on_it()
    {
        cli.Run("run");

        var plan = cli.Run("plan", "--set", "datasets.spotify.training.steps=7", "--json").Json;

        Assert.Equal(
            ["skip", "skip", "run", "run"],
            plan.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("action").GetString()));
    }

    [Fact]
    public void Without_a_terminal_progress_is_lines_on_standard_error()
    {
        var result = cli.Run("run", "spotify/sample");

        Assert.StartsWith("No pipeline.json here: all options have their defaults.\nspotify/sample: started\nspotify/sample: done in ", result.Error);
        Assert.DoesNotContain("started", result.Out);
    }

    [Fact]
    public void Quiet_leaves_standard_error_empty() => Assert.Empty(cli.Run("run", "--quiet").Error);

    [Fact]
    public void A_failed_stage_exits_1_and_says_how_to_go_on()
    {
        cli.Dataset.Deeds["train/mamba"] = (_, _) => throw new InvalidOperationException("The weights are no numbers.");

        var result = cli.Run("run");

        Assert.Equal(ExitCode.StageFailed, result.Code);
        Assert.Contains("error: spotify/train/mamba failed at row 1 of 2: The weights are no numbers. Fix the cause, then: pipeline resume\n", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Contains(": 2 done, 1 failed, 1 not run, in ", result.Out);
    }

    [Fact]
    public void What_a_terminal_would_obey_in_the_failure_of_a_stage_is_shown()
    {
        cli.Dataset.Deeds["train/mamba"] = (_, _) => throw new InvalidOperationException("Row \u001b[2J.");

        Assert.Contains(": Row \\u001b[2J. Fix the cause", cli.Run("run").Error);
    }

    [Fact]
    public void What_to_type_next_is_quoted_where_an_option_holds_blanks_of_any_kind()
    {
        var result = cli.Run("run", "--data", "two\nlines", "--set", "datasets.spotify.report.label=a\tb");

        Assert.Contains("Next: pipeline plan --data 'two\nlines' --set 'datasets.spotify.report.label=a\tb' (", result.Out);
    }

    [Fact]
    public void What_to_type_next_has_the_options_that_were_given()
    {
        var result = cli.Run("run", "--data", "my data", "--set", "datasets.spotify.seeds=[1,2]");

        Assert.Contains("Next: pipeline plan --data 'my data' --set 'datasets.spotify.seeds=[1,2]' (what would run now)\n", result.Out);
        Assert.Contains("pipeline recommend --dataset spotify --user rock --data 'my data'", result.Out);
    }

    [Theory]
    [InlineData(ExitCode.CheckFailed)]
    [InlineData(ExitCode.InputMissing)]
    [InlineData(ExitCode.OutOfSpace)]
    public void A_stage_decides_the_exit_code_of_its_failure(ExitCode code)
    {
        cli.Dataset.Deeds["ingest"] = (_, _) => throw new PipelineException(code, "Something is wrong.");

        Assert.Equal(code, cli.Run("run").Code);
    }

    [Fact]
    public void A_raw_folder_that_is_absent_exits_6()
    {
        var result = cli.Run("run", "--set", "datasets.spotify.raw=nowhere");

        Assert.Equal(ExitCode.InputMissing, result.Code);
        Assert.Contains(cli.File("nowhere"), result.Error);
    }

    [Fact]
    public void A_defect_exits_70_with_its_stack_and_a_plea_to_report_it()
    {
        // The sampler is called by `sample` itself, outside of any stage runner.
        cli.Dataset.Deeds["sample"] = (_, _) => throw new InvalidOperationException("This cannot be.");

        var result = cli.Run("sample", "spotify");

        Assert.Equal(ExitCode.Bug, result.Code);
        Assert.Contains("   at ", result.Error);
        Assert.Contains("error: This is a defect of pipeline, please report it with the lines above: This cannot be.", result.Error);
    }

    [Fact]
    public void A_second_writer_exits_5_and_names_the_holder()
    {
        CliResult? second = null;
        cli.Dataset.Deeds["ingest"] = (_, _) =>
        {
            second = cli.Run("run");
            return Task.CompletedTask;
        };

        Assert.Equal(ExitCode.Ok, cli.Run("run").Code);
        Assert.Equal(ExitCode.Busy, second!.Code);
        Assert.Contains($"process {Environment.ProcessId}", second.Error);
        Assert.Contains("pipeline run spotify", second.Error);
    }

    [Fact]
    public async Task A_cancelled_run_exits_130()
    {
        using var source = new CancellationTokenSource();
        cli.Dataset.Deeds["ingest"] = (_, cancellation) =>
        {
            source.Cancel();
            cancellation.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        };

        var result = await cli.RunAsync(source.Token, "run");

        Assert.Equal(ExitCode.Cancelled, result.Code);
        Assert.Contains("To go on: pipeline resume", result.Error);
    }
}
