using Pipeline.Stages;
using Pipeline.Unit.Stages;

namespace Pipeline.Unit.Security;

/// <summary>A link in the data root may point anywhere: nothing behind it is deleted, written or taken for ours.</summary>
public sealed class LinkTests : IDisposable
{
    readonly ToyPipeline toy = new();
    readonly TempFolder outside = new();

    public LinkTests() => outside.Write("canary/manifest.json", "alive");

    string Canary => outside.File("canary");

    public void Dispose()
    {
        Assert.Equal("alive", File.ReadAllText(Path.Combine(Canary, "manifest.json")));
        toy.Dispose();
        outside.Dispose();
    }

    [Fact]
    public async Task Prune_leaves_what_links_point_at()
    {
        await toy.RunAsync();
        var artifact = Path.GetDirectoryName(toy.CurrentFolder("2-features/count"))!;
        Directory.CreateSymbolicLink(Path.Combine(artifact, "0123456789abcdef"), Canary);
        Directory.CreateSymbolicLink(Path.Combine(artifact, "0123456789abcdef.partial"), Canary);
        Directory.CreateSymbolicLink(Path.Combine(toy.Root.Dataset("toy"), "9-linked"), Canary);
        Directory.CreateSymbolicLink(Path.Combine(toy.CurrentFolder("2-features/count"), "linked"), Canary);
        toy.Count.Version = 2;
        await toy.RunAsync();

        new Pruner(toy.Root, toy.Clock).Prune([toy.Graph], new LockHolder(1, "mill", null, "prune", default), isDryRun: false);

        Assert.Single(Directory.GetFiles(Canary));
    }

    [Fact]
    public async Task A_stage_does_not_write_through_a_link_that_lies_where_it_works()
    {
        var partial = toy.Root.Partial("toy", "00000000deadbeef", new Artifact("a", "3-models/mamba"), toy.Planned(toy.Train).Fingerprint);
        Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
        Directory.CreateSymbolicLink(partial, Canary);

        Assert.Equal(ExitCode.Ok, (await toy.RunAsync()).Exit);

        Assert.Single(Directory.GetFiles(Canary));
    }

    [Theory]
    [InlineData(".staging")]
    [InlineData(".staging/00000000deadbeef")]
    [InlineData("3-models/mamba/{0}.partial")]
    public async Task The_folder_of_a_writer_that_is_a_link_is_not_taken_apart(string path)
    {
        var link = Path.Combine(toy.Root.Dataset("toy"), string.Format(System.Globalization.CultureInfo.InvariantCulture, path, toy.Planned(toy.Train).Fingerprint[..DataRoot.NameLength]));
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        Directory.CreateSymbolicLink(link, outside.Path);

        Assert.Equal(ExitCode.Ok, (await toy.RunAsync()).Exit);

        Assert.Single(Directory.GetFiles(Canary));
        Assert.Single(Directory.GetFileSystemEntries(outside.Path));
    }

    [Fact]
    public async Task Current_is_followed_to_a_generation_beside_it_and_nowhere_else()
    {
        await toy.RunAsync();
        var artifact = new Artifact("count", "2-features/count");
        var link = Path.Combine(toy.Root.Artifact("toy", artifact), "current");
        foreach (var target in new[] { Canary, "../../../canary", ".", "..", "0123456789abcdeg" })
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, target);

            Assert.Null(toy.Root.CurrentFolder("toy", artifact));
        }

        Assert.Equal(ExitCode.Ok, (await toy.RunAsync()).Exit);
        Assert.NotNull(toy.Root.CurrentFolder("toy", artifact));
    }

    [Theory]
    [InlineData("linked")]
    [InlineData("../canary/manifest.json")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void A_part_that_is_a_link_or_lies_elsewhere_is_not_read(string name)
    {
        using var folder = new TempFolder();
        File.CreateSymbolicLink(folder.File("linked"), Path.Combine(Canary, "manifest.json"));

        Assert.Equal(ExitCode.InputMissing, Assert.Throws<PipelineException>(() => PartFile.Of(folder.Path, name)).Code);
    }
}
