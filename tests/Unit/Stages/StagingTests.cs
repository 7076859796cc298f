using System.Text.RegularExpressions;
using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>What whoever takes a dataset finds of those before, and what those can still reach.</summary>
public sealed class StagingTests : IDisposable
{
    const string Killed = "00000000deadbeef", CutOff = "11111111deadbeef";

    static readonly LockHolder Holder = new(1, "mill", null, "pipeline run", DateTimeOffset.UnixEpoch);

    readonly ToyPipeline toy = new();
    readonly Artifact model = new("model", "3-models/mamba");

    public void Dispose() => toy.Dispose();

    [Fact]
    public void A_whole_checkpoint_is_gone_on_from_and_nothing_that_somebody_may_have_open()
    {
        var partial = Leave(Partial(Killed), "checkpoint", "whole");
        Leave(partial, "part-00000.parquet", "half");
        using var open = new FileStream(Path.Combine(partial, "checkpoint.new"), FileMode.CreateNew);
        var folder = Libc.Stat(partial)?.Inode;

        using var held = DatasetLock.Take(toy.Root, "toy", Holder);

        var taken = Partial(held.Staging.Token);
        Assert.Equal("checkpoint", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(taken))));
        Assert.Equal("whole", File.ReadAllText(Path.Combine(taken, "checkpoint")));
        Assert.NotEqual(folder, Libc.Stat(taken)?.Inode);
        Assert.Equal([held.Staging.Path], Directory.GetDirectories(Path.GetDirectoryName(held.Staging.Path)!));
    }

    [Theory]
    [InlineData(CutOff + "/" + Killed + ".removed/3-models/mamba/{0}.partial")]
    [InlineData(CutOff + "/3-models/mamba/{0}.removed")]
    [InlineData(CutOff + "/" + Killed + ".removed/3-models/mamba/{0}.partial/units/7-2")]
    public void Who_is_killed_while_taking_over_loses_nothing_for_the_next(string left)
    {
        var name = toy.Planned(toy.Train).Fingerprint[..DataRoot.NameLength];
        Leave(Path.Combine(toy.Root.Dataset("toy"), ".staging", string.Format(System.Globalization.CultureInfo.InvariantCulture, left, name)), "checkpoint", "whole");

        using var held = DatasetLock.Take(toy.Root, "toy", Holder);

        Assert.Equal("whole", File.ReadAllText(Path.Combine(Partial(held.Staging.Token), "checkpoint")));
        Assert.Equal([held.Staging.Path], Directory.GetDirectories(Path.GetDirectoryName(held.Staging.Path)!));
    }

    [Fact]
    public async Task A_disk_with_no_room_for_a_folder_can_be_pruned()
    {
        await toy.RunAsync();
        toy.Seeds = [2];
        await toy.RunAsync();
        var full = new FullDisk(Path.Combine(toy.Root.Dataset("toy"), ".staging"));
        PruneResult pruned;
        using (Files.Watch(full))
            pruned = new Pruner(toy.Root, TimeProvider.System).Prune([toy.Graph], Holder, isDryRun: false);

        Assert.NotEmpty(pruned.Folders);
        Assert.True(full.HasRefused);
        Assert.True(full.HasReserve);
    }

    [Fact]
    public async Task What_an_earlier_version_left_beside_its_generation_is_gone_on_from()
    {
        toy.Seeds = [1];
        Leave(toy.Root.EarlierPartial("toy", model, toy.Planned(toy.Train).Fingerprint), "checkpoint", "of an earlier version");
        Assert.EndsWith("goes on from what an earlier run left", toy.Planned(toy.Train).Reason, StringComparison.Ordinal);
        var found = "";
        toy.Train.Then = (context, _) => found = File.ReadAllText(context.Output(toy.Train.Writes[0]).File("checkpoint"));

        await toy.RunAsync();

        Assert.Equal("of an earlier version", found);
        Assert.DoesNotContain(DatasetScan.Of(toy.Root, "toy").Generations, folder => folder.State != GenerationState.Finished);
    }

    [Fact]
    public void Every_holder_has_a_token_of_its_own_and_keeps_it_for_all_of_its_run()
    {
        LockHolder[] others = [Holder with { Pid = 2 }, Holder with { Host = "mill2" }, Holder with { Since = Holder.Since.AddTicks(1) }];

        Assert.Equal(4, others.Append(Holder).Select(each => each.Token).Distinct().Count());
        Assert.Equal(Holder.Token, (Holder with { Run = "20261121-000000-000" }).Token);
    }

    [Fact]
    public void No_stage_makes_a_folder_together_with_those_above_it()
    {
        // They may have been taken from a writer that stood still, and must not come back.
        string[] folders = ["ingest", "features", "training", "scoring", "jobs/Stages/Units"];
        var forbidden = new Regex(@"Directory\.CreateDirectory\(|\.CreateFolder\(|CreateSubdirectory\(");

        Assert.Empty(folders.SelectMany(part => Directory.EnumerateFiles(Path.Combine(RealData.Root(), part), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && forbidden.IsMatch(File.ReadAllText(file))).Select(Path.GetFileName));
    }

    string Partial(string writer) => toy.Root.Partial("toy", writer, model, toy.Planned(toy.Train).Fingerprint);

    static string Leave(string folder, string file, string text)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, file), text);
        return folder;
    }

    /// <summary>No folder can be made while a reserve is there.</summary>
    sealed class FullDisk(string staging) : IFileFaults
    {
        public bool HasReserve => Directory.EnumerateFiles(staging, "reserve", SearchOption.AllDirectories).Any();

        public bool HasRefused { get; private set; }

        public FileFault? Before(FileOperation operation, string path)
        {
            if (operation != FileOperation.CreateFolder || !HasReserve)
                return null;
            HasRefused = true;
            return new FileFault(new IOException("No space left on device.", 0x1C));
        }
    }
}
