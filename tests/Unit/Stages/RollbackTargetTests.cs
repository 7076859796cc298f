using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>Which generations a rollback goes to.</summary>
public sealed class RollbackTargetTests : IDisposable
{
    static readonly Artifact Report = new("report", "5-report");

    readonly TwoLists toy = new();

    public void Dispose() => toy.Dispose();

    [Fact]
    public async Task A_publication_from_before_there_was_a_second_list_is_no_place_to_go_back_to()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        toy.TellPublished(TwoLists.Mamba, toy.Current.Mamba!);

        toy.Back();

        Assert.Equal(first, toy.Current);
    }

    [Fact]
    public async Task A_line_that_names_no_generations_at_all_published_nothing()
    {
        await toy.NightAsync("first");
        var first = toy.Current;
        await toy.NightAsync("second");
        File.AppendAllText(Path.Combine(toy.Root.Path, "ledger.jsonl"), """{"time":"2030-01-01T00:00:00Z","run":"20300101-000000-000","event":"published","datasets":["toy"]}""" + "\n");

        toy.Back();

        Assert.Equal(first, toy.Current);
    }

    [Fact]
    public async Task Of_several_publications_of_a_generation_the_latest_is_meant()
    {
        await toy.NightAsync("first");
        toy.TransformerLists.Toy = new ToyOptions { Steps = 1 };
        await toy.RunAsync();
        var latest = toy.Current;
        await toy.NightAsync("second");

        toy.Back(to: latest.Mamba);

        Assert.Equal(latest, toy.Current);
    }

    [Fact]
    public async Task From_lists_of_which_the_ledger_knows_nothing_it_goes_to_the_last_that_it_knows()
    {
        await toy.NightAsync("first");
        await toy.NightAsync("second");
        var second = toy.Current;
        await toy.NightAsync("third");
        var ledger = Path.Combine(toy.Root.Path, "ledger.jsonl");
        File.WriteAllLines(ledger, File.ReadAllLines(ledger).Where(line => !line.Contains($"\"4-topk/mamba\":\"{toy.Current.Mamba}", StringComparison.Ordinal)));

        toy.Back();

        Assert.Equal(second, toy.Current);
    }

    [Fact]
    public async Task The_beginning_of_two_generations_names_none()
    {
        await toy.NightAsync("first");
        var name = toy.Root.Current("toy", Report)!;
        Directory.CreateDirectory(toy.Folder("5-report", name[..8] + "00000000"));

        var error = Assert.Throws<PipelineException>(() => toy.Back("5-report", name[..8]));

        Assert.StartsWith($"toy/5-report has several generations '{name[..8]}'. There are: 5-report ", error.Message);
    }

    [Theory]
    [InlineData("notes")]
    [InlineData("fedc")]
    [InlineData("current")]
    public async Task Only_a_folder_with_the_name_of_a_generation_is_one(string to)
    {
        await toy.NightAsync("first");
        Directory.CreateDirectory(toy.Folder("5-report", "notes"));
        Directory.CreateSymbolicLink(toy.Folder("5-report", "fedcba9876543210"), "notes");

        var error = Assert.Throws<PipelineException>(() => toy.Back("5-report", to));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.StartsWith($"toy/5-report has no generation '{to}'.", error.Message);
    }

    [Fact]
    public void Of_what_was_never_made_there_is_none() => Assert.Equal(
        "toy/5-report has no generation 'ffff'. There are: 5-report none.",
        Assert.Throws<PipelineException>(() => toy.Back("5-report", "ffff")).Message);

    [Fact]
    public void The_newest_five_are_named()
    {
        foreach (var day in (int[])[3, 1, 6, 2, 5, 4])
            Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(toy.Folder("5-report", $"{day}bcdef0123456789")).FullName, new DateTime(2026, 11, day, 0, 0, 0, DateTimeKind.Utc));

        var error = Assert.Throws<PipelineException>(() => toy.Back("5-report", "ffff"));

        Assert.EndsWith($"There are: 5-report {string.Join(", ", ((int[])[6, 5, 4, 3, 2]).Select(day => $"{day}bcdef0123456789 (2026-11-0{day} 00:00)"))}.", error.Message);
    }
}
