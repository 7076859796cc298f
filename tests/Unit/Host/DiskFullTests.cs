using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <summary>What a full disk may cost: the run at hand, and nothing that was there before.</summary>
public class DiskFullTests
{
    [SmallDiskFact]
    public void A_run_on_a_full_disk_exits_with_7_leaves_what_was_there_and_goes_on_when_there_is_room()
    {
        using var night = new Nightly();
        using var disk = new SmallDisk(night.Data, 8);
        Assert.Equal(ExitCode.Ok, night.Run("run", "spotify").Code);
        var before = night.Parts();
        var ballast = disk.Fill(left: 96 << 10);

        var full = night.Run("run", "vaccine-25x25", "--set", "requireSpace=false");

        Assert.Equal((ExitCode.OutOfSpace, full.Error), (full.Code, full.Error));
        Assert.Contains("No space left", full.Error);
        Assert.Equal(before, night.Parts("spotify"));
        Assert.Equal(ExitCode.Ok, night.Run("verify").Code);
        File.Delete(ballast);
        Assert.Equal(ExitCode.Ok, night.Run("resume").Code);
        Assert.True(night.Run("plan", "vaccine-25x25", "--json").Json.GetProperty("done").GetBoolean());
        Assert.Equal(before, night.Parts("spotify"));
    }

    [SmallDiskFact]
    public void A_first_run_that_does_not_fit_is_refused_before_it_writes_a_byte_and_runs_where_it_does()
    {
        using var night = new Nightly();
        using var disk = new SmallDisk(night.Data, 8);
        var needed = night.Run("plan", "spotify", "--json").Json.GetProperty("space").GetProperty("needed").GetInt64();
        var ballast = disk.Fill(left: (int)needed - (8 << 10));

        var refused = night.Run("run", "spotify");

        Assert.Equal(ExitCode.OutOfSpace, refused.Code);
        Assert.Contains("It writes about: spotify ", refused.Error);
        Assert.Contains("Nothing was started", refused.Error);
        Assert.False(File.Exists(Path.Combine(night.Data, "ledger.jsonl")));
        Assert.Equal([".staging"], Directory.EnumerateDirectories(Path.Combine(night.Data, "spotify")).Select(Path.GetFileName));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(night.Data, "spotify/.staging"), "*", SearchOption.AllDirectories));
        File.Delete(ballast);
        disk.Fill(left: (int)needed + (64 << 10));
        Assert.Equal(ExitCode.Ok, night.Run("run", "spotify").Code);
    }

    [SmallDiskFact]
    public void A_run_that_wants_more_room_than_there_is_by_what_it_wrote_last_is_refused_before_it_begins()
    {
        using var night = new Nightly();
        using var disk = new SmallDisk(night.Data, 8);
        night.Run("run", "spotify");
        var before = night.Run("runs", "list").Out;
        disk.Fill(left: 16 << 10);

        var refused = night.Run("run", "spotify", "--force");

        Assert.Equal(ExitCode.OutOfSpace, refused.Code);
        Assert.Contains("Nothing was started", refused.Error);
        Assert.Equal(before, night.Run("runs", "list").Out);
        Assert.Equal(ExitCode.Ok, night.Run("verify").Code);
    }
}
