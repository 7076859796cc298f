using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class RepublishingTests : IDisposable
{
    readonly TwoLists toy = new();

    [Fact]
    public async Task Lists_made_earlier_are_checked_as_they_are_and_become_current()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        List<string> given = [];
        toy.Publish.Then = (context, _) => given.AddRange(
            ((string[])[TwoLists.Mamba, TwoLists.Transformer, "2-features/users"]).Select(folder => Path.GetFileName(context.Input(new Artifact(folder, folder)).Path)));

        var result = await toy.PublishAsync(first.Mamba!);

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal(first, toy.Current);
        var users = ManifestFile.Read(toy.Folder(TwoLists.Mamba, first.Mamba!)).Parents.Single().Fingerprint[..DataRoot.NameLength];
        Assert.Equal([first.Mamba!, first.Transformer!, users], given);
        Assert.Equal(result.Run, toy.Ledger(LedgerEvent.Published)[^1].Run);
        Assert.Equal($"by hand: 4-topk/mamba/{first.Mamba}, 4-topk/transformer/{first.Transformer}", toy.Ledger(LedgerEvent.StageStarted)[^1].Reason);
    }

    [Fact]
    public async Task The_next_run_publishes_what_the_options_ask_for()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        var second = toy.Current;
        await toy.PublishAsync(first.Mamba!);

        Assert.Equal(PlanAction.Run, toy.Planned(toy.Publish).Action);
        await toy.RunAsync();

        Assert.Equal(second, toy.Current);
    }

    [Fact]
    public async Task Lists_that_fail_their_checks_do_not_become_current()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        var second = toy.Current;
        toy.Publish.Then = (_, _) => throw new PipelineException(ExitCode.CheckFailed, "The model is dead.");

        Assert.Equal(ExitCode.CheckFailed, (await toy.PublishAsync(first.Mamba!)).Exit);

        Assert.Equal(second, toy.Current);
        Assert.True(toy.Plan().IsDone);
    }

    [Fact]
    public async Task Pinned_lists_are_not_published()
    {
        await toy.NightAsync("first");
        await toy.NightAsync("second");
        var second = toy.Current;
        toy.Back();

        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.PublishAsync(second.Mamba!));

        Assert.Equal("toy/4-topk/mamba is pinned and would not move. Release it first: pipeline rollback toy --release", error.Message);
    }

    [Fact]
    public async Task Lists_of_different_users_are_not_published_together()
    {
        await toy.NightAsync("first");
        toy.Publish.Then = (_, _) => throw new PipelineException(ExitCode.CheckFailed, "The model is dead.");
        await toy.NightAsync("dead");
        var dead = toy.Planned(toy.MambaLists).Fingerprint[..DataRoot.NameLength];

        // Never published, so the transformer's stay those of the first night.
        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.PublishAsync(dead[..8]));

        Assert.Equal("These lists of toy were made from different generations of 2-features/users. Publish lists of one night.", error.Message);
    }

    [Fact]
    public async Task Of_several_publications_of_a_generation_the_latest_is_meant()
    {
        await toy.NightAsync("first");
        toy.TransformerLists.Toy = new ToyOptions { Steps = 1 };
        await toy.RunAsync();
        var latest = toy.Current;
        await toy.NightAsync("second");

        await toy.PublishAsync(latest.Mamba!);

        Assert.Equal(latest, toy.Current);
    }

    [Fact]
    public async Task A_publication_from_before_there_was_a_second_list_is_passed_over()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        toy.TellPublished(TwoLists.Mamba, first.Mamba!);

        await toy.PublishAsync(first.Mamba!);

        Assert.Equal(first, toy.Current);
    }

    [Fact]
    public async Task What_lists_were_made_from_is_followed_to_the_first_inputs_and_through_every_seed()
    {
        var model = new ToyStage("train/mamba", ["2-features/users"], ["3-models/mamba"]) { Seeds = SeedScope.Each };
        var lists = new ToyStage("export/mamba", ["3-models/mamba"], [TwoLists.Mamba]) { Seeds = SeedScope.All };
        var publish = new ToyStage("publish", ["2-features/users", TwoLists.Mamba], []) { Seeds = SeedScope.First, PublishedFolders = [TwoLists.Mamba] };
        var request = toy.Request with { Graphs = [new StageGraph("toy", [toy.Users, model, lists, publish], [1, 2])] };
        var folder = new Artifact("users", "2-features/users");
        await toy.RunAsync(request);
        var (first, users) = (toy.Current.Mamba, toy.Root.Current("toy", folder));
        toy.Users.Toy = new ToyOptions { Label = "second" };
        await toy.RunAsync(request);
        string? given = null;
        publish.Then = (context, _) => given = Path.GetFileName(context.Input(new Artifact("2-features/users", "2-features/users")).Path);

        var result = await toy.RunAsync(request with { PublishTo = first, Selection = ["toy/publish"] });

        Assert.Equal((ExitCode.Ok, users), (result.Exit, given));
    }

    [Fact]
    public async Task What_the_checks_need_must_still_be_there()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        var users = ManifestFile.Read(toy.Folder(TwoLists.Mamba, first.Mamba!)).Parents.Single().Fingerprint[..DataRoot.NameLength];
        await toy.NightAsync("second");
        Directory.Delete(toy.Folder("2-features/users", users), recursive: true);

        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.PublishAsync(first.Mamba!));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.StartsWith($"toy cannot be published: toy/2-features/users/{users}: is not there. It cannot be checked.", error.Message);
    }

    [Theory]
    [InlineData("ffff")]
    [InlineData("current")]
    public async Task A_name_that_fits_no_generation_is_refused(string name)
    {
        await toy.NightAsync("first");

        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.PublishAsync(name));

        Assert.Equal($"toy cannot be published: there is no one generation and no run '{name}' of 4-topk/mamba and 4-topk/transformer. See: pipeline runs list.", error.Message);
    }

    [Fact]
    public async Task The_beginning_of_two_generations_names_none()
    {
        await toy.NightAsync("first");
        toy.Publish.Then = (_, _) => throw new PipelineException(ExitCode.CheckFailed, "The model is dead.");
        await toy.NightAsync("dead");
        var beginning = toy.Planned(toy.MambaLists).Fingerprint[..8];
        Directory.CreateDirectory(toy.Folder(TwoLists.Mamba, beginning + "00000000"));

        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.PublishAsync(beginning));

        Assert.StartsWith($"toy cannot be published: there is no one generation and no run '{beginning}'", error.Message);
    }

    [Fact]
    public async Task A_dataset_that_publishes_nothing_has_nothing_to_publish()
    {
        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.RunAsync(toy.Request with { Graphs = [new StageGraph("toy", [toy.Users], [1])], PublishTo = "ffff" }));

        Assert.Equal((ExitCode.Usage, "toy publishes no list."), (error.Code, error.Message));
    }

    [Fact]
    public async Task Before_the_first_night_there_is_nothing_to_publish()
    {
        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.PublishAsync("ffff"));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.StartsWith("toy cannot be published: 4-topk/mamba has no current generation to publish beside it.", error.Message);
    }

    public void Dispose() => toy.Dispose();
}
