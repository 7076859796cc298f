using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <summary>The verbs `rollback` and `publish` over the real stages.</summary>
public sealed class RollbackCommandTests
{
    [Fact]
    public void Lists_go_back_stay_through_a_night_and_are_published_once_released()
    {
        using var night = new Nightly();
        Assert.Equal(ExitCode.Ok, night.Run("run").Code);
        var first = Current(night);
        string[] other = ["--set", "datasets.spotify.seeds=[2]"];
        Assert.Equal(ExitCode.Ok, night.Run(["run", .. other]).Code);
        var second = Current(night);
        Assert.NotEqual(first, second);

        var back = night.Run("rollback", "spotify");

        Assert.Equal(ExitCode.Ok, back.Code);
        Assert.Equal(first, Current(night));
        Assert.Contains("Pinned: runs go on, but do not move it. Release it: pipeline rollback spotify --release", back.Out);
        Assert.Contains($"pinned: 4-topk/mamba at {first}", night.Run("status", "spotify").Out);
        Assert.Equal(first, night.Run("status", "spotify", "--json").Json.GetProperty("datasets")[0].GetProperty("pinned").GetProperty("4-topk/mamba").GetString());
        var run = night.Run(["run", "--set", "datasets.spotify.seeds=[3]"]);
        Assert.Contains($"spotify/4-topk/mamba is pinned at {first} and stays there.", run.Out);
        Assert.Equal(first, Current(night));
        Assert.Contains("Released: spotify/4-topk/mamba", night.Run("rollback", "spotify", "--release").Out);
        Assert.Contains("RUN", night.Run(["plan", "state:stale", .. other]).Out);

        Assert.Equal(ExitCode.Ok, night.Run(["publish", "spotify", .. other]).Code);

        Assert.Equal(second, Current(night));
        Assert.Equal(ExitCode.Ok, night.Run(["publish", "spotify", "--to", first, .. other]).Code);
        Assert.Equal(first, Current(night));
        Assert.Equal(ExitCode.Ok, night.Run("verify").Code);
    }

    [Theory]
    [InlineData("error: --to pins and --release takes pins away: give one of them.", "rollback", "spotify", "--to", "0123", "--release")]
    [InlineData("error: spotify has no artifact '4-topk/mumba'. Nearest: 4-topk/mamba", "rollback", "spotify", "4-topk/mumba")]
    [InlineData("error: There is no dataset 'spotfy'. Nearest: spotify.", "publish", "spotfy")]
    public void What_cannot_be_meant_exits_2(string message, params string[] args)
    {
        using var night = new Nightly();

        var result = night.Run(args);

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.StartsWith(message, result.Error);
    }

    [Fact]
    public void Before_the_first_night_there_is_nothing_to_go_back_to()
    {
        using var night = new Nightly();

        Assert.Equal(ExitCode.InputMissing, night.Run("rollback", "spotify").Code);
        Assert.Contains("Nothing was pinned.", night.Run("rollback", "spotify", "--release").Out);
    }

    static string Current(Nightly night) => Path.GetFileName(new DirectoryInfo(Path.Combine(night.Data, "spotify/4-topk/mamba/current")).ResolveLinkTarget(false)!.FullName);
}
