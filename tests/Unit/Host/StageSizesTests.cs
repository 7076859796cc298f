using System.Text.Json;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <summary>What every stage says it will write, against what it wrote.</summary>
public sealed class StageSizesTests
{
    // Of so small data a fixed part, which is in every file, is most.
    const int Fixed = 6 << 10;

    [Theory]
    [InlineData("spotify")]
    [InlineData("hm")]
    [InlineData("vaccine-25x25")]
    public void No_estimate_is_a_tenth_too_low_or_three_times_too_high(string dataset)
    {
        using var night = new Nightly();
        var estimates = night.Run("plan", dataset, "--json").Json.GetProperty("stages").EnumerateArray()
            .Where(stage => stage.GetProperty("bytes").ValueKind == JsonValueKind.Number)
            .ToDictionary(stage => stage.GetProperty("stage").GetString()!, stage => stage.GetProperty("bytes").GetInt64());
        Assert.Equal(ExitCode.Ok, night.Run("run", dataset).Code);

        var written = night.Manifests().GroupBy(manifest => manifest.GetProperty("stage").GetString()!)
            .ToDictionary(stage => stage.Key, stage => stage.Sum(manifest => manifest.GetProperty("bytes").GetInt64()));

        Assert.Equal(written.Keys.Order(), estimates.Where(estimate => estimate.Key != $"{dataset}/publish").Select(estimate => estimate.Key).Order());
        Assert.All(written, stage => Assert.InRange(estimates[stage.Key], stage.Value * 0.9, (3 * stage.Value) + (4 * Fixed)));
    }
}
