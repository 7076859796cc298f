using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class RollbackTests : IDisposable
{
    readonly TwoLists toy = new();

    [Fact]
    public async Task Lists_go_back_together_to_what_was_published_before()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        var second = toy.Current;

        var changes = toy.Back();

        Assert.Equal(first, toy.Current);
        Assert.Equal([new(TwoLists.Mamba, second.Mamba, first.Mamba!), new(TwoLists.Transformer, second.Transformer, first.Transformer!)], changes);
        var told = toy.Ledger(LedgerEvent.RolledBack).Single();
        Assert.Equal(first.Mamba, told.Generations![TwoLists.Mamba]);
        Assert.Equal(("toy", "pipeline rollback toy", 1, "mill"), (string.Join(' ', told.Datasets!), string.Join(' ', told.Arguments!), told.Pid, told.Host));
    }

    [Fact]
    public async Task A_list_that_did_not_change_in_the_last_night_stays_with_the_one_that_did()
    {
        await toy.NightAsync("first");
        await toy.NightAsync("second");
        var second = toy.Current;
        toy.MambaLists.Toy = new ToyOptions { Steps = 1 };
        await toy.RunAsync();

        toy.Back();

        // The transformer's lists of the first night would not be those that stood beside mamba's.
        Assert.Equal(second, toy.Current);
    }

    [Fact]
    public async Task Once_more_goes_one_publication_further_back_and_then_there_is_none()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        await toy.NightAsync("third");

        toy.Back();
        toy.Back();

        Assert.Equal(first, toy.Current);
        var error = Assert.Throws<PipelineException>(() => toy.Back());
        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.StartsWith("The ledger knows of no earlier publication of toy/4-topk/mamba and toy/4-topk/transformer that is still there. Name a generation with --to; there are: 4-topk/mamba ", error.Message);
    }

    [Fact]
    public async Task A_pin_holds_through_runs_until_it_is_released()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        toy.Back();
        Assert.True(toy.Plan().IsDone);
        Assert.Equal($"up to date; 4-topk/mamba is pinned at {first.Mamba}; 4-topk/transformer is pinned at {first.Transformer}", toy.Planned(toy.Publish).Reason);

        Assert.Equal(ExitCode.Ok, (await toy.NightAsync("third")).Exit);

        Assert.Equal(first, toy.Current);
        Assert.True(toy.Plan().IsDone);
        Assert.Equal([TwoLists.Mamba, TwoLists.Transformer], toy.Ledger(LedgerEvent.Published)[^1].Pinned!);
        Assert.Equal(first.Mamba, toy.Release()[TwoLists.Mamba]);
        Assert.Equal(first, toy.Current);
        Assert.Equal((PlanAction.Run, "another generation of 4-topk/mamba is current"), (toy.Planned(toy.Publish).Action, toy.Planned(toy.Publish).Reason));
        await toy.RunAsync();
        Assert.Equal(toy.Planned(toy.MambaLists).Fingerprint[..DataRoot.NameLength], toy.Current.Mamba);
        Assert.Single(toy.Ledger(LedgerEvent.Released));
    }

    [Fact]
    public async Task One_list_alone_can_go_back_and_be_released()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        var second = toy.Current;

        toy.Back(TwoLists.Mamba);

        Assert.Equal((first.Mamba, second.Transformer), toy.Current);
        await toy.NightAsync("third");
        Assert.Equal(first.Mamba, toy.Current.Mamba);
        Assert.NotEqual(second.Transformer, toy.Current.Transformer);
        Assert.Empty(toy.Release(TwoLists.Transformer));
        Assert.Single(toy.Release(TwoLists.Mamba));
        Assert.Empty(toy.Release());
        Assert.Single(toy.Ledger(LedgerEvent.Released));
    }

    [Fact]
    public async Task A_generation_or_a_run_can_be_named()
    {
        var run = (await toy.NightAsync("first")).Run;
        var first = toy.Current;
        await toy.NightAsync("second");
        await toy.NightAsync("third");
        var third = toy.Current;

        toy.Back(to: first.Transformer![..6]);
        Assert.Equal(first, toy.Current);
        toy.Back(to: third.Mamba);
        Assert.Equal(third, toy.Current);
        toy.Back(to: run);
        Assert.Equal(first, toy.Current);
    }

    [Fact]
    public async Task What_never_passed_its_checks_is_refused()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        toy.Publish.Then = (_, _) => throw new PipelineException(ExitCode.CheckFailed, "The model is dead.");
        await toy.NightAsync("dead");
        var dead = toy.Planned(toy.MambaLists).Fingerprint[..DataRoot.NameLength];
        Assert.Equal(ExitCode.CheckFailed, Assert.Throws<PipelineException>(() => toy.Back(to: toy.Planned(toy.TransformerLists).Fingerprint[..8])).Code);

        var error = Assert.Throws<PipelineException>(() => toy.Back(to: dead));

        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.Equal(
            $"{dead} was never published, as far as the ledger knows: nobody can tell that it passed its checks. Check it and publish it: pipeline publish toy --to {dead}", error.Message);
        Assert.Equal(first, toy.Current);
        Assert.Empty(Pins.Read(toy.Root, "toy"));
        Assert.Empty(toy.Release());
        Assert.False(File.Exists(Path.Combine(toy.Root.Dataset("toy"), ".pins.json")));
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("out.txt")]
    public async Task What_is_incomplete_or_damaged_is_refused_and_nothing_changes(string file)
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        var second = toy.Current;
        var path = Path.Combine(toy.Folder(TwoLists.Transformer, first.Transformer!), file);

        File.AppendAllText(path, " ");
        Assert.Contains(file == "out.txt" ? "bytes, not" : "is damaged", Refusal());
        File.Delete(path);
        Assert.Contains($"toy/4-topk/transformer/{first.Transformer}/{file}: is missing", Refusal());

        string Refusal()
        {
            var error = Assert.Throws<PipelineException>(() => toy.Back());
            Assert.Equal(ExitCode.InputMissing, error.Code);
            Assert.Equal(second, toy.Current);
            Assert.Empty(Pins.Read(toy.Root, "toy"));
            return error.Message;
        }
    }

    [Fact]
    public async Task An_artifact_that_nobody_publishes_goes_back_to_a_generation_that_is_named()
    {
        await toy.NightAsync("first");
        var report = new Artifact("report", "5-report");
        var first = toy.Root.Current("toy", report)!;
        await toy.NightAsync("second");

        Assert.StartsWith("The ledger knows of no earlier publication of toy/5-report", Assert.Throws<PipelineException>(() => toy.Back("5-report")).Message);
        toy.Back("5-report", first);
        await toy.NightAsync("third");

        Assert.Equal(first, toy.Root.Current("toy", report));
        Assert.Contains($"5-report is pinned at {first}", toy.Planned(toy.Report).Reason);
        toy.Release("5-report");
        Assert.Equal(PlanAction.Point, toy.Planned(toy.Report).Action);
        Assert.Equal(ExitCode.Usage, Assert.Throws<PipelineException>(() => toy.Back("5-reprot")).Code);
    }

    [Fact]
    public async Task A_rollback_that_ended_between_pin_and_current_is_finished_by_the_next_run()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        toy.Root.Pin("toy", new Dictionary<string, string> { [TwoLists.Mamba] = first.Mamba!, [TwoLists.Transformer] = first.Transformer! });

        await toy.RunAsync();

        Assert.Equal(first, toy.Current);
        Assert.True(toy.Plan().IsDone);
    }

    [Fact]
    public async Task A_rollback_that_ended_between_two_lists_is_finished_by_the_same_again_and_goes_no_further_back()
    {
        await toy.NightAsync("first");
        await toy.NightAsync("second");
        var second = toy.Current;
        await toy.NightAsync("third");
        toy.Root.Pin("toy", new Dictionary<string, string> { [TwoLists.Mamba] = second.Mamba!, [TwoLists.Transformer] = second.Transformer! });
        toy.Root.Point("toy", new Artifact("lists", TwoLists.Mamba), second.Mamba!);

        toy.Back();

        Assert.Equal(second, toy.Current);
    }

    [Fact]
    public async Task Prune_keeps_what_is_pinned_though_current_is_elsewhere()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        toy.Root.Pin("toy", new Dictionary<string, string> { [TwoLists.Mamba] = first.Mamba! });

        toy.Prune();

        Assert.True(Directory.Exists(toy.Folder(TwoLists.Mamba, first.Mamba!)));
        Assert.False(Directory.Exists(toy.Folder(TwoLists.Transformer, first.Transformer!)));
    }

    [Fact]
    public async Task A_pinned_generation_that_is_gone_stops_the_plan_until_it_is_released()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        toy.Back();
        Directory.Delete(toy.Folder(TwoLists.Mamba, first.Mamba!), recursive: true);

        Assert.Equal(
            $"toy/4-topk/mamba is pinned at {first.Mamba}, which is not there any more. Release it: pipeline rollback toy 4-topk/mamba --release",
            Assert.Throws<PipelineException>(toy.Plan).Message);
        Assert.Contains(new Verifier(toy.Root).Verify("toy", false, new RecordingListener(), CancellationToken.None).Findings, finding => finding.Problem == "is pinned, but not there");
        toy.Release();
        await toy.RunAsync();
        Assert.True(toy.Plan().IsDone);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"4-topk/mamba\":\"../../etc\"}")]
    [InlineData("{\"4-topk/mamba\":null}")]
    [InlineData("{\"4-topk/mamba\":\"0123456789abcdef\",\"4-topk/mamba\":\"0123456789abcdee\"}")]
    public async Task A_damaged_file_of_pins_stops_the_plan_and_can_be_released(string text)
    {
        await toy.NightAsync("first");
        File.WriteAllText(Path.Combine(toy.Root.Dataset("toy"), ".pins.json"), text);

        var error = Assert.Throws<PipelineException>(toy.Plan);
        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains(".pins.json does not say which generations are pinned.", error.Message);
        toy.Release();
        Assert.True(toy.Plan().IsDone);
        Assert.Single(toy.Ledger(LedgerEvent.Released));
    }

    [Fact]
    public async Task What_another_dataset_published_is_no_place_to_go_back_to()
    {
        await toy.NightAsync("first");
        var first = toy.Ledger(LedgerEvent.Published).Single();
        await toy.NightAsync("second");
        var second = toy.Current;
        new Ledger(toy.Root, toy.Clock).Append(first with { Datasets = ["other"] });
        await toy.NightAsync("third");

        toy.Back();

        Assert.Equal(second, toy.Current);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"short\"")]
    [InlineData("\"../../../../../../etc\"")]
    public async Task A_line_of_the_ledger_that_names_no_generation_published_nothing(string name)
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        File.AppendAllText(
            Path.Combine(toy.Root.Path, "ledger.jsonl"),
            $$$"""{"time":"2030-01-01T00:00:00Z","run":"20300101-000000-000","event":"published","datasets":["toy"],"generations":{"4-topk/mamba":{{{name}}},"4-topk/transformer":{{{name}}}}}""" + "\n");

        Assert.Equal(ExitCode.InputMissing, Assert.Throws<PipelineException>(() => toy.Back(to: "20300101-000000-000")).Code);
        toy.Back();

        Assert.Equal(first, toy.Current);
    }

    /// <summary>Nobody could say who moved the lists.</summary>
    [Fact]
    public async Task A_rollback_or_release_that_the_ledger_cannot_take_down_changes_nothing()
    {
        await toy.NightAsync("first");
        await toy.NightAsync("second");
        var second = toy.Current;

        using (Files.Watch(Broken(FileOperation.Write, "ledger.jsonl")))
            Assert.Throws<IOException>(() => toy.Back());

        Assert.Equal(second, toy.Current);
        Assert.Empty(Pins.Read(toy.Root, "toy"));
        toy.Back();
        using (Files.Watch(Broken(FileOperation.Write, "ledger.jsonl")))
            Assert.Throws<IOException>(() => toy.Release());
        Assert.Equal(2, Pins.Read(toy.Root, "toy").Count);
    }

    /// <summary>Where machines share the data root, one that stood still may have lost the dataset before it speaks.</summary>
    [Fact]
    public async Task What_lost_its_dataset_does_not_tell_of_a_rollback_or_release_that_is_none()
    {
        await toy.NightAsync("first");
        await toy.NightAsync("second");

        Assert.Equal(ExitCode.Busy, Lost(ManifestFile.Name, () => toy.Back()).Code);
        Assert.Empty(toy.Ledger(LedgerEvent.RolledBack));
        toy.Back();
        Assert.Equal(ExitCode.Busy, Lost(".pins.json", () => toy.Release(TwoLists.Mamba)).Code);
        Assert.Empty(toy.Ledger(LedgerEvent.Released));

        PipelineException Lost(string file, Action act)
        {
            using (Files.Watch(new At(FileOperation.Open, file, TakeOver)))
                return Assert.Throws<PipelineException>(act);
        }

        FileFault? TakeOver()
        {
            using var file = Libc.Open(Path.Combine(toy.Root.Dataset("toy"), ".lock"), Libc.ReadWrite);
            RandomAccess.Write(file, "{}"u8, 0);
            return null;
        }
    }

    [Theory]
    [InlineData(null, "toy --to")]
    [InlineData(TwoLists.Mamba, "toy 4-topk/mamba --to")]
    public async Task A_current_that_cannot_be_moved_says_that_the_pins_are_set_and_how_to_finish(string? artifact, string command)
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");

        PipelineException error;
        using (Files.Watch(Broken(FileOperation.Rename, "current")))
            error = Assert.Throws<PipelineException>(() => toy.Back(artifact));

        Assert.EndsWith($"The pins are set, but not every current may have moved; the next run moves it, or: pipeline rollback {command} {first.Mamba}", error.Message);
        toy.Back(artifact, first.Mamba);
        Assert.Equal(first.Mamba, toy.Current.Mamba);
    }

    [Fact]
    public void A_dataset_that_publishes_nothing_has_nothing_to_go_back_to()
    {
        var graph = new StageGraph("toy", [toy.Users], [1]);

        var error = Assert.Throws<PipelineException>(() => new Rollback(toy.Root, toy.Clock).Back(graph, null, null, new LockHolder(1, "mill", null, "pipeline rollback toy", default)));

        Assert.Equal((ExitCode.Usage, "toy publishes no list. Name the artifact that is to go back."), (error.Code, error.Message));
    }

    [Fact]
    public async Task A_dataset_that_is_being_written_does_not_go_back()
    {
        await toy.NightAsync("first");
        await toy.NightAsync("second");
        using var held = DatasetLock.Take(toy.Root, "toy", new LockHolder(1, "mill", null, "pipeline run", default));

        Assert.Equal(ExitCode.Busy, Assert.Throws<PipelineException>(() => toy.Back()).Code);
        Assert.Equal(ExitCode.Busy, Assert.Throws<PipelineException>(() => toy.Release()).Code);
    }

    public void Dispose() => toy.Dispose();

    static At Broken(FileOperation operation, string name) => new(operation, name, () => new FileFault(new IOException("Input/output error", 5)));

    /// <summary>Before each operation of a kind on the files of one name.</summary>
    sealed class At(FileOperation awaited, string name, Func<FileFault?> act) : IFileFaults
    {
        public FileFault? Before(FileOperation operation, string path) => operation == awaited && Path.GetFileName(path) == name ? act() : null;
    }
}
