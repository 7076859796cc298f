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
        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.PublishAsync(dead));

        Assert.Equal("These lists of toy were made from different generations of 2-features/users. Publish lists of one night.", error.Message);
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

    [Fact]
    public async Task A_name_that_fits_nothing_is_refused()
    {
        await toy.NightAsync("first");

        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.PublishAsync("ffff"));

        Assert.Equal("toy cannot be published: there is no one generation and no run 'ffff' of 4-topk/mamba and 4-topk/transformer. See: pipeline runs list.", error.Message);
    }

    public void Dispose() => toy.Dispose();
}
