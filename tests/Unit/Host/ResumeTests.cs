using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public sealed class ResumeTests : IDisposable
{
    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void After_a_failure_the_rest_is_made_with_the_same_settings()
    {
        cli.Dataset.Deeds["train/mamba"] = (_, _) => throw new InvalidOperationException("Not today.");
        cli.Run("run", "--set", "datasets.spotify.training.steps=7", "--set", $"datasets.spotify.raw={cli.RawFolder()}");
        cli.Dataset.Deeds.Clear();

        var result = cli.Run("resume", "--json");

        Assert.Equal(ExitCode.Ok, result.Code);
        Assert.Equal(
            ["spotify/ingest skipped", "spotify/train/mamba done", "spotify/report done"],
            result.Json.GetProperty("stages").EnumerateArray().Select(stage => $"{stage.GetProperty("stage")} {stage.GetProperty("result")}"));
        Assert.Equal("train/mamba 1 7", File.ReadAllText(cli.File("data/spotify/3-models/mamba/current/data.txt")));
    }

    [Fact]
    public async Task After_a_cancellation_the_same_selection_is_gone_on_with()
    {
        using var source = new CancellationTokenSource();
        cli.Dataset.Deeds["ingest"] = (_, cancellation) =>
        {
            source.Cancel();
            cancellation.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        };
        await cli.RunAsync(source.Token, "run", "+spotify/ingest");
        cli.Dataset.Deeds.Clear();

        var stages = cli.Run("resume", "--json").Json.GetProperty("stages");

        Assert.Equal(
            ["spotify/sample skipped", "spotify/ingest done"],
            stages.EnumerateArray().Select(stage => $"{stage.GetProperty("stage")} {stage.GetProperty("result")}"));
    }

    [Fact]
    public void The_configuration_file_of_the_run_is_used_again()
    {
        File.WriteAllText(cli.File("other.json"), """{ "datasets": { "spotify": { "training": { "steps": 9 } } } }""");
        cli.Dataset.Deeds["train/mamba"] = (_, _) => throw new InvalidOperationException("Not today.");
        cli.Run("run", "--config", "other.json");
        cli.Dataset.Deeds.Clear();

        Assert.Equal(ExitCode.Ok, cli.Run("resume").Code);
        Assert.Equal("train/mamba 1 9", File.ReadAllText(cli.File("data/spotify/3-models/mamba/current/data.txt")));
    }

    [Fact]
    public void A_run_can_be_named()
    {
        cli.Run("run", "spotify/sample");
        var name = cli.Run("runs", "list", "--json").Json.GetProperty("runs")[0].GetProperty("run").GetString()!;

        Assert.Equal(ExitCode.Ok, cli.Run("resume", name).Code);
    }

    [Fact]
    public void With_nothing_to_resume_it_says_so()
    {
        cli.Run("run");

        var result = cli.Run("resume");

        Assert.Equal(ExitCode.Ok, result.Code);
        Assert.Equal("Nothing to resume: no run failed, was cancelled or crashed.\n", result.Out);
    }
}
