using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>A ledger that people and other programs had their hands on while a server reads it.</summary>
public sealed class LedgerIndexTests : IDisposable
{
    readonly TempFolder folder = new();
    readonly HandClock clock = new();
    readonly Ledger ledger;
    readonly LedgerIndex index;

    public LedgerIndexTests()
    {
        var root = new DataRoot(folder.Path);
        ledger = new Ledger(root, clock);
        index = new LedgerIndex(root, clock);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_line_counts_once_it_is_whole()
    {
        Begin();
        var line = File.ReadAllText(ledger.Path).Replace("-417", "-418", StringComparison.Ordinal);
        File.AppendAllText(ledger.Path, line[..40]);
        Assert.Single(index.Runs());

        File.AppendAllText(ledger.Path, line[40..]);

        Assert.Equal(["20261121-003512-417", "20261121-003512-418"], index.Runs().Select(run => run.Run));
        Assert.Equal(0, index.Unreadable);
    }

    [Fact]
    public void A_line_longer_than_a_block_is_read_and_a_damaged_one_is_counted()
    {
        File.WriteAllText(ledger.Path, "{\n");
        var run = ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["toy"], Arguments = [new string('x', 3 << 20)] });

        Assert.Equal(run, Assert.Single(index.Runs()).Run);
        Assert.Equal(1, index.Unreadable);
    }

    [Fact]
    public void A_ledger_that_was_cut_or_taken_away_is_read_anew()
    {
        var first = Begin();
        var length = new FileInfo(ledger.Path).Length;
        Begin();
        Assert.Equal(2, index.Runs().Count);

        File.WriteAllText(ledger.Path, File.ReadAllText(ledger.Path)[..(int)length]);
        Assert.Equal(first, Assert.Single(index.Runs()).Run);

        File.Delete(ledger.Path);
        Assert.Empty(index.Runs());
    }

    [Fact]
    public void Lines_of_runs_that_go_on_at_once_are_told_apart()
    {
        var (first, second) = (Begin(), Begin());
        foreach (var run in (string[])[first, second])
            ledger.Append(new LedgerEntry { Event = LedgerEvent.StageFinished, Run = run, Stage = $"toy/{run}", Made = ["0000000000000abc"] });
        ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = first, Exit = ExitCode.Ok });

        Assert.Equal($"toy/{first}", Assert.Single(index.Find(first)!.Stages).Stage);
        Assert.Equal(second, index.MakerOf("0000000000000abc")!.Run);
        Assert.Null(index.MakerOf("abc"));
    }

    [Fact]
    public void A_run_that_begins_twice_is_one_and_its_first_failure_is_the_one_that_is_told()
    {
        var run = Begin();
        File.AppendAllText(ledger.Path, File.ReadAllText(ledger.Path));
        foreach (var message in (string[])["first", "second"])
            ledger.Append(new LedgerEntry { Event = LedgerEvent.StageFailed, Run = run, Stage = "toy/read", Message = message });
        ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = run, Exit = ExitCode.StageFailed });
        ledger.Append(new LedgerEntry { Event = LedgerEvent.WebhookSent, Run = run });

        var headline = Assert.Single(index.Runs());
        Assert.Equal((RunState.Failed, "first", true), (headline.State, headline.Message, headline.IsTold));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\n\n\n")]
    public void A_blank_line_hides_nothing_and_holds_nobody_up(string blank)
    {
        Run();
        Assert.Single(index.Runs());
        File.AppendAllText(ledger.Path, blank);
        // Read once with nothing behind it, and once with a run.
        Assert.Equal(new FileInfo(ledger.Path).Length, index.Length);
        var second = Run();

        Assert.Equal(second, index.Runs()[1].Run);
        Assert.Equal(ExitCode.Ok, index.Find(second)!.Exit);
        Assert.Equal((new FileInfo(ledger.Path).Length, 0), (index.Length, index.Unreadable));
    }

    [Fact]
    public void A_ledger_that_another_longer_one_took_the_place_of_is_read_from_its_beginning()
    {
        var first = Run();
        Assert.Single(index.Runs());
        File.Delete(ledger.Path);
        string[] others = [Run(), Run(), Run()];

        Assert.Equal(others, index.Runs().Select(run => run.Run));
        Assert.Null(index.Find(first));
        Assert.Equal(0, index.Unreadable);
    }

    [Fact]
    public void A_ledger_that_was_made_shorter_and_grew_again_is_read_from_its_beginning()
    {
        string[] kept = [Run(), Run()];
        var length = new FileInfo(ledger.Path).Length;
        Run();
        Assert.Equal(3, index.Runs().Count);
        using (var file = File.OpenWrite(ledger.Path))
        {
            file.SetLength(length);
        }

        string[] later = [Run(), Run()];

        Assert.Equal([.. kept, .. later], index.Runs().Select(run => run.Run));
    }

    string Begin() => ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["toy"] });

    string Run()
    {
        clock.Now += TimeSpan.FromMinutes(1);
        var run = ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["toy"], Selection = ["toy"] });
        ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = run, Exit = ExitCode.Ok });
        return run;
    }
}
