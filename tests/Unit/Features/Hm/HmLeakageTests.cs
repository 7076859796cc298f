using Pipeline.Features;
using Pipeline.Features.Hm;
using Pipeline.Stages;

namespace Pipeline.Unit.Features.Hm;

/// <summary>Each leak is planted, and the check finds it.</summary>
public sealed class HmLeakageTests : IDisposable
{
    static readonly DateOnly Date = new(2020, 9, 16);
    static readonly int Before = Days.Of(Date) - 1;
    static readonly int After = Days.Of(Date) + 1;

    static readonly EncodedTable Users = new(new FeatureSpec([], []), ["ann", "bob", "cy"], null, [], []);
    static readonly EncodedTable Items = new(new FeatureSpec([], []), ["01", "02"], ["Tee", "Sock"], [], []);

    /// <summary>Item 0 five times before the date, item 1 twice, item 2 (outside the catalogue) once.</summary>
    static readonly (int User, int Item, int Day)[] All =
    [
        (0, 0, Before), (0, 0, Before), (0, 0, Before), (1, 0, Before), (1, 0, Before), (0, 1, Before), (1, 1, Before), (0, 2, Before),
        (2, 1, After), (1, 1, After), (2, 2, After),
    ];

    static readonly Pairs Known = new([0, 1], [1, 0], [1, 1]);

    readonly StageHarness harness = new("hm");

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Split_without_a_leak_passes()
    {
        Check(ByTime(), Date);
        Check(ByUser(), null);
    }

    [Fact]
    public void History_within_the_test_period_is_found() => Assert.StartsWith(
        "The history that training may know has user bob buying item 02 (Sock) on 2020-09-17, within the test period from 2020-09-16 on.",
        Fails(ByTime() with { History = Table([.. All.Where(row => row.Item < 2 && row.User != 2)]) }, Date),
        StringComparison.Ordinal);

    [Fact]
    public void History_of_a_test_user_is_found() => Assert.StartsWith(
        "The history that training may know has user cy buying item 02 (Sock) on 2020-09-17, a test user, nothing of whom may be trained on.",
        Fails(ByUser() with { History = Table([.. All.Where(row => row.Item < 2)]) }, null),
        StringComparison.Ordinal);

    [Fact]
    public void History_that_lacks_a_purchase_is_found() => Assert.StartsWith(
        "The history that training may know has 4 purchases; recounted, there are 7 outside the test.",
        Fails(ByTime() with { History = Table([.. All.Take(4)]) }, Date),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Positive_from_the_test_period_is_found(bool isValidation)
    {
        var leak = new Pairs([0, 2], [0, 1], [1, 1]);
        var split = isValidation ? ByTime() with { ValidationPositives = leak } : ByTime() with { Positives = leak };

        Assert.StartsWith(
            "A positive pair is user cy buying item 02 (Sock) on 2020-09-17, within the test period from 2020-09-16 on.", Fails(split, Date), StringComparison.Ordinal);
    }

    [Fact]
    public void Positive_of_a_test_user_is_found() => Assert.StartsWith(
        "A positive pair is user cy buying item 02 (Sock) on 2020-09-17, a test user, nothing of whom may be trained on.",
        Fails(ByUser() with { Positives = new Pairs([2], [1], [1]) }, null),
        StringComparison.Ordinal);

    [Fact]
    public void Positive_that_nobody_bought_is_found() => Assert.StartsWith(
        "A positive pair says that user cy bought item 01 (Tee), which no transaction says.",
        Fails(ByTime() with { Positives = new Pairs([2], [0], [1]) }, Date),
        StringComparison.Ordinal);

    [Fact]
    public void Items_chosen_by_what_was_bought_in_the_test_period_are_found()
    {
        // Before the date items 0, 1 and 2 were bought 5, 2 and 1 times; as numbered here 2, 5 and 1 times.
        var swapped = All.Select(row => row with { Item = row.Item switch { 0 => 1, 1 => 0, var item => item } }).ToArray();
        var split = ByTime() with { History = Table([.. swapped.Where(row => row.Item < 2 && row.Day < Days.Of(Date))]), Positives = new Pairs([0], [0], [1]) };

        Assert.StartsWith(
            "The choice of items puts item 01 (Tee) at place 1 and item 02 (Sock) at place 2, but they were bought 2 and 5 times before 2020-09-16.",
            Fails(split with { ValidationPositives = split.Positives }, Date, swapped),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Item_outside_the_catalogue_that_was_bought_more_is_found() => Assert.Contains(
        "item 02 (Sock) at place 2 and the item of place 3, outside the catalogue at place 3, but they were bought 2 and 4 times",
        Fails(ByTime(), Date, [.. All, (0, 2, Before), (1, 2, Before), (1, 2, Before)]),
        StringComparison.Ordinal);

    [Fact]
    public void Item_that_nobody_bought_in_time_is_found()
    {
        (int, int, int)[] all = [(0, 0, Before), (2, 1, After)];
        var split = ByTime() with { History = Table([(0, 0, Before)]), Positives = new Pairs([0], [0], [1]), ValidationPositives = new Pairs([], [], []) };

        Assert.StartsWith("The choice of items has item 02 (Sock), which nobody bought before 2020-09-16.", Fails(split, Date, all), StringComparison.Ordinal);
    }

    static Interactions Table((int User, int Item, int Day)[] rows) =>
        new([.. rows.Select(row => row.User)], [.. rows.Select(row => row.Item)], [.. rows.Select(row => row.Day)]);

    static HmSplit ByTime() => new(
        Table([.. All.Where(row => row.Item < 2 && row.Day < Days.Of(Date))]), Known, Known, new TestUsers([1, 2], [[1], [1]], [0, 1]));

    static HmSplit ByUser() => new(Table([.. All.Where(row => row.Item < 2 && row.User != 2)]), Known, Known, new TestUsers([2], [[1]], [1]));

    void Check(HmSplit split, DateOnly? testPeriod, (int User, int Item, int Day)[]? all = null)
    {
        var output = harness.Output(FeatureArtifacts.Interactions);
        Table(all ?? All).Write(output);
        new HmLeakageCheck(Users, Items, testPeriod, split).Require(harness.Add(output));
    }

    string Fails(HmSplit split, DateOnly? testPeriod, (int User, int Item, int Day)[]? all = null)
    {
        var error = Assert.Throws<PipelineException>(() => Check(split, testPeriod, all));
        Assert.Equal(ExitCode.CheckFailed, error.Code);
        return error.Message;
    }
}
