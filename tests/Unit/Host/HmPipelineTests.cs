using Pipeline.Features.Negatives;
using Pipeline.Host;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Unit.Host;

public class HmPipelineTests
{
    [Fact]
    public void Stages_make_a_graph_with_and_without_raw_files()
    {
        Assert.Equal(
            ["sample", "ingest", "features", "split", "negatives", "train/mamba", "train/transformer"],
            Stages().Select(stage => stage.Name).Take(7));
        Assert.Equal("ingest", Stages("datasets.hm.raw=files")[0].Name);
        _ = new StageGraph("hm", Stages(), [1]);
    }

    [Fact]
    public void Split_by_time_keeps_its_period_from_the_choice_of_items()
    {
        static string Features(params string[] settings) => Fingerprint.Options(Stages(settings).Single(stage => stage.Name == "features")).ToJsonString();

        Assert.NotEqual(Features(), Features("datasets.hm.split.kind=time"));
        Assert.NotEqual(Features("datasets.hm.split.kind=time"), Features("datasets.hm.split.kind=time", "datasets.hm.split.date=2020-09-09"));
        Assert.Equal(Features(), Features("datasets.hm.split.date=2020-09-09"));
    }

    [Theory]
    [InlineData("datasets.hm.split.date=null", "datasets.hm.split.date")]
    [InlineData("datasets.hm.negatives.strategy=hard", "datasets.hm.negatives.hard.lists is not set, but strategy is hard")]
    [InlineData("datasets.hm.negatives.hard.lists=\"\"", "datasets.hm.negatives.hard.lists is empty")]
    [InlineData("datasets.hm.negatives.strategy=inBatch", "datasets.hm.negatives.strategy is inBatch, but the loss mse needs a negative for each purchase")]
    [InlineData("datasets.hm.negatives.strategy=mixed", "datasets.hm.negatives.strategy is mixed, but the loss mse")]
    [InlineData("datasets.hm.seeds=[1,1]", "datasets.hm.seeds is [1, 1]; every seed must be there once.")]
    public void Options_that_do_not_go_together_are_refused(string setting, string message)
    {
        var error = Assert.Throws<PipelineException>(() => Read(setting));

        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NegativeKind.Uniform, false)]
    [InlineData(NegativeKind.Popularity, false)]
    [InlineData(NegativeKind.Hard, false)]
    [InlineData(NegativeKind.InBatch, true)]
    [InlineData(NegativeKind.Mixed, true)]
    public void Strategy_goes_with_one_loss(NegativeKind strategy, bool isContrastive)
    {
        var options = new NegativeOptions { Strategy = strategy };

        Assert.Empty(options.CheckLoss(isContrastive));
        Assert.Equal("strategy", Assert.Single(options.CheckLoss(!isContrastive)).Path);
    }

    [Fact]
    public void Paths_of_raw_files_and_lists_start_from_the_file()
    {
        var rooted = new HmPipeline().Rooted(Read("datasets.hm.raw=in", "datasets.hm.negatives.hard.lists=old"), path => $"/etc/{path}").Datasets.Hm;

        Assert.Equal(("/etc/in", "/etc/old"), (rooted.Raw, rooted.Negatives.Hard.Lists));
        Assert.Null(new HmPipeline().Rooted(Read(), path => $"/etc/{path}").Datasets.Hm.Raw);
    }

    static IReadOnlyList<IStage> Stages(params string[] settings) => new HmPipeline().Stages(Read(settings));

    static PipelineConfiguration Read(params string[] settings) => OptionsReader.Read<PipelineConfiguration>("{}", "pipeline.json", settings);
}
