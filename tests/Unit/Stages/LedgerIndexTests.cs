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

    string Run()
    {
        clock.Now += TimeSpan.FromMinutes(1);
        var run = ledger.Begin(new LedgerEntry { Event = LedgerEvent.RunStarted, Datasets = ["toy"], Selection = ["toy"] });
        ledger.Append(new LedgerEntry { Event = LedgerEvent.RunFinished, Run = run, Exit = ExitCode.Ok });
        return run;
    }
}
