using Pipeline.Models;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Unit.Models;

public class LossOptionsTests
{
    [Fact]
    public void Loss_is_chosen_in_the_configuration_and_the_papers_is_the_default()
    {
        var chosen = OptionsReader.Read<LossOptions>("""{ "kind": "sampledSoftmax", "temperature": 0.05, "sampler": "mixed", "extra": 64 }""", "pipeline.json", []);

        Assert.Equal(new LossOptions { Kind = LossKind.SampledSoftmax, Temperature = 0.05, Sampler = Sampler.Mixed, Extra = 64 }, chosen);
        Assert.Equal(LossKind.Mse, OptionsReader.Read<LossOptions>("{}", "pipeline.json", []).Kind);
    }

    [Fact]
    public void A_batch_of_one_pair_without_extra_items_is_refused()
    {
        var loss = new LossOptions { Kind = LossKind.SampledSoftmax };
        var error = Assert.Throws<PipelineException>(() => loss.Check(1));

        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.Contains("training.batch 1: an item is compared with nothing", error.Message);
        loss.Check(2);
        (loss with { Sampler = Sampler.Mixed }).Check(1);
        new LossOptions().Check(1);
    }

    [Fact]
    public void A_batch_with_too_many_scores_is_refused()
    {
        var loss = new LossOptions { Kind = LossKind.SampledSoftmax };
        var error = Assert.Throws<PipelineException>(() => loss.Check(8193));

        // 8,193² = 67,125,249; 2^26 = 67,108,864 = 8,192².
        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.StartsWith("training.batch is 8193 and there are 0 extra items: 67125249 scores a step. sampledSoftmax allows 67108864.", error.Message);
        loss.Check(8192);
        Assert.Throws<PipelineException>(() => (loss with { Sampler = Sampler.Mixed, Extra = 1 }).Check(8192));
    }
}
