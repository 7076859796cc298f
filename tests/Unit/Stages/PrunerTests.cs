using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class PrunerTests
{
    static readonly LockHolder Holder = new(1, "mill", null, "pipeline prune", new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Token of a run that was killed.</summary>
    const string Killed = "00000000deadbeef";

    [Fact]
    public async Task What_is_current_or_planned_stays()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();

        Assert.Empty(Prune(toy).Folders);
        Assert.Single(Directory.GetFiles(toy.Root.Staging("toy"), "reserve", SearchOption.AllDirectories));
        Assert.Empty(new Verifier(toy.Root).Verify("toy", onlyCurrent: false, new RecordingListener(), CancellationToken.None).Findings);
    }

    [Fact]
    public async Task What_earlier_options_made_goes_and_its_bytes_are_counted()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        var old = new DirectoryInfo(toy.CurrentFolder("2-features/count"));
        var bytes = old.GetFiles().Sum(file => file.Length);
        toy.Count.Version = 2;
        await toy.RunAsync();

        var foreseen = Prune(toy, isDryRun: true);
        Assert.Equal(new PrunedFolder("toy", "2-features/count", old.Name, bytes), Assert.Single(foreseen.Folders));
        Assert.True(Directory.Exists(old.FullName));

        Assert.Equal(foreseen.Folders, Prune(toy).Folders);
        Assert.False(Directory.Exists(old.FullName));
        Assert.True(toy.Plan().IsDone);
    }

    [Fact]
    public async Task The_current_generation_stays_though_the_configuration_has_moved_on()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        toy.Read.Version = 2;

        // The later seeds of split, train and score are neither current nor planned any more: 3 x 2.
        Assert.Equal(6, Prune(toy).Folders.Count);
        Assert.NotNull(toy.CurrentFolder("5-report"));
    }

    [Fact]
    public void Partials_stay_only_if_this_configuration_can_resume_them()
    {
        using var toy = new ToyPipeline();
        toy.Seeds = [1];
        var resumable = Partial(toy, toy.Train);
        var useless = Partial(toy, toy.Count);
        toy.Train.Version = 2;
        var resumableNow = Partial(toy, toy.Train);

        var foreseen = Prune(toy, isDryRun: true);
        Assert.Equal(2, foreseen.Folders.Count);
        Assert.Equal(foreseen.Folders, Prune(toy).Folders);
        Assert.Equal(Path.GetFileName(resumableNow), Assert.Single(Partials(toy)));
    }

    [Fact]
    public void What_nobody_can_go_on_from_is_told_though_it_goes_when_the_lock_is_taken()
    {
        using var toy = new ToyPipeline();
        var partial = Partial(toy, toy.Count);
        File.Move(Path.Combine(partial, "checkpoint"), Path.Combine(partial, "part"));

        var foreseen = Prune(toy, isDryRun: true);
        Assert.Equal(new PrunedFolder("toy", "2-features/count", Path.GetFileName(partial), "state".Length), Assert.Single(foreseen.Folders));
        Assert.Equal(foreseen.Folders, Prune(toy).Folders);
        Assert.Empty(Partials(toy));
    }

    [Fact]
    public async Task A_generation_that_an_option_names_as_input_stays()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        using var outside = new TempFolder();
        var old = toy.CurrentFolder("2-features/count");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(old, "deep")).FullName, "part"), "");
        toy.Count.Version = 2;
        await toy.RunAsync();
        Directory.CreateSymbolicLink(outside.File("link"), old);
        Directory.CreateSymbolicLink(outside.File("second"), outside.File("link"));
        Directory.CreateSymbolicLink(outside.File("above"), Path.GetDirectoryName(old)!);
        string[] names =
        [
            old, old + "/", Path.GetRelativePath(Environment.CurrentDirectory, old), Path.Combine(old, "deep"),
            outside.File("link"), outside.File("second"), Path.Combine(outside.File("above"), Path.GetFileName(old)),
        ];

        Assert.All(names, name => Assert.Empty(Foreseen(name)));

        // Begins with the same letters, but is another folder.
        var copy = Directory.CreateDirectory(old + "-copy").FullName;
        File.WriteAllText(Path.Combine(copy, "part"), "");
        Assert.Equal(Path.GetFileName(old), Assert.Single(Foreseen(copy)).Name);

        IReadOnlyList<PrunedFolder> Foreseen(string raw)
        {
            var hard = new ToyStage("hard", [], ["2-features/hard"]) { RawFolders = [raw] };
            return new Pruner(toy.Root, toy.Clock).Prune([new StageGraph("toy", [.. toy.Stages, hard], toy.Seeds)], Holder, isDryRun: true).Folders;
        }
    }

    [Fact]
    public async Task What_was_to_be_renamed_over_another_goes()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        var dataset = toy.Root.Dataset("toy");
        string[] files = [Path.Combine(toy.Root.Path, ".raw-hashes.json.4711.partial"), Path.Combine(dataset, ".pins.json.partial"), Path.Combine(dataset, ".passed", "publish.partial")];
        foreach (var file in files)
            File.WriteAllText(file, "{");
        var link = Path.Combine(dataset, "5-report", "current.partial");
        File.CreateSymbolicLink(link, "0123456789abcdef");

        Prune(toy);

        Assert.All(files, file => Assert.False(File.Exists(file), file));
        Assert.Null(new FileInfo(link).LinkTarget);
        Assert.True(toy.Plan().IsDone);
    }

    [Fact]
    public async Task An_unfinished_generation_beside_its_finished_one_goes_though_its_stage_could_go_on()
    {
        using var toy = new ToyPipeline();
        await toy.RunAsync();
        Partial(toy, toy.Train);

        Prune(toy);

        Assert.Empty(Partials(toy));
    }

    [Fact]
    public async Task Links_are_not_followed()
    {
        using var toy = new ToyPipeline();
        using var outside = new TempFolder();
        await toy.RunAsync();
        var precious = outside.Write("0123456789abcdef/file", "precious");
        var dataset = toy.Root.Dataset("toy");
        Directory.CreateSymbolicLink(Path.Combine(dataset, "4-topk", "elsewhere"), outside.Path);
        Directory.CreateSymbolicLink(Path.Combine(dataset, "2-features", "count", "fedcba9876543210"), Path.GetDirectoryName(precious)!);
        var old = Directory.CreateDirectory(Path.Combine(dataset, "2-features", "count", "aaaaaaaaaaaaaaaa"));
        Directory.CreateSymbolicLink(Path.Combine(old.FullName, "link"), outside.Path);

        Assert.Equal(new PrunedFolder("toy", "2-features/count", "aaaaaaaaaaaaaaaa", 0), Assert.Single(Prune(toy).Folders));

        Assert.False(old.Exists && Directory.Exists(old.FullName));
        Assert.True(File.Exists(precious));
    }

    [Fact]
    public void A_dataset_that_is_being_written_is_not_pruned()
    {
        using var toy = new ToyPipeline();
        using var held = DatasetLock.Take(toy.Root, "toy", Holder);

        Assert.Equal(ExitCode.Busy, Assert.Throws<PipelineException>(() => Prune(toy)).Code);
    }

    /// <summary>As a killed run leaves it, with something to go on from.</summary>
    static string Partial(ToyPipeline toy, ToyStage stage)
    {
        var partial = toy.Root.Partial("toy", Killed, stage.Writes[0], toy.Planned(stage).Fingerprint);
        Directory.CreateDirectory(partial);
        File.WriteAllText(Path.Combine(partial, "checkpoint"), "state");
        return partial;
    }

    static string[] Partials(ToyPipeline toy) =>
        [.. DatasetScan.Of(toy.Root, "toy").Generations.Where(folder => folder.State != GenerationState.Finished).Select(folder => folder.Name)];

    static PruneResult Prune(ToyPipeline toy, bool isDryRun = false) => new Pruner(toy.Root, toy.Clock).Prune([toy.Graph], Holder, isDryRun);
}
