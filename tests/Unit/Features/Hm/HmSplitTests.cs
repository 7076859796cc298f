using Pipeline.Features;
using Pipeline.Features.Hm;
using Pipeline.Stages;

namespace Pipeline.Unit.Features.Hm;

public sealed class HmSplitTests : IDisposable
{
    static readonly HmSplitOptions Few = new() { TestUsers = 3, MinPurchases = 2, Train = 4_000, Validation = 100 };
    static readonly HmSplitOptions ByTime = Few with { Kind = HmSplitKind.Time };

    readonly StageHarness harness = new("hm");

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Defaults_are_those_of_the_paper_and_the_last_week()
    {
        var defaults = new HmSplitOptions();

        // 160,000 pairs, half of them purchases.
        Assert.Equal(80_000, defaults.Train);
        Assert.Equal((HmSplitKind.Random, 100, 5), (defaults.Kind, defaults.TestUsers, defaults.MinPurchases));
        Assert.Equal(new DateOnly(2020, 9, 16), defaults.Date);
        Assert.Null(defaults.TestPeriod);
        Assert.Equal(defaults.Date, (defaults with { Kind = HmSplitKind.Time }).TestPeriod);
    }

    [Fact]
    public void Drawn_test_users_bought_enough_and_all_of_it_is_relevant()
    {
        Split(Few);
        var test = Test();

        Assert.Equal(3, test.Count);
        Assert.Equal(test.Users.Distinct().Order(), test.Users);
        for (var t = 0; t < test.Count; t++)
        {
            var bought = All().Where(row => row.User == test.Users[t]).Select(row => row.Item).Distinct().Order().ToArray();
            Assert.Equal(bought.Where(item => item < 4), test.Relevant[t]);
            Assert.Equal(bought.Count(item => item >= 4), test.Elsewhere[t]);
            Assert.True(test.Relevant[t].Length >= 2);
        }
    }

    [Fact]
    public void Every_user_with_enough_purchases_is_drawn_equally_often()
    {
        var seeds = Enumerable.Range(1, 400).ToArray();
        Split(Few with { Train = 1, Validation = 1 }, seeds);
        var eligible = All().Where(row => row.Item < 4).GroupBy(row => row.User).Where(user => user.Select(row => row.Item).Distinct().Count() >= 2).Count();
        var counts = seeds.SelectMany(seed => Test(seed).Users).CountBy(user => user).Select(pair => pair.Value).ToArray();

        // The three users of a seed exclude each other, so counts vary less than chi-square with 14 degrees of freedom, whose 0.999 quantile this is.
        Assert.Equal(15, eligible);
        Assert.InRange(ChiSquare.OfUniform(counts, eligible), 0, 36.12);
    }

    [Fact]
    public void History_is_what_all_but_the_test_users_bought_within_the_catalogue()
    {
        Split(Few);
        var test = Test().Users;

        Assert.Equal(All().Where(row => row.Item < 4 && !test.Contains(row.User)).OrderBy(row => (row.User, row.Day, row.Item)), Rows(FeatureArtifacts.History));
    }

    [Fact]
    public void By_time_everybody_who_buys_in_the_period_is_a_test_user()
    {
        Split(ByTime);
        var first = Days.Of(ByTime.Date);
        var later = All().Where(row => row.Day >= first).ToArray();
        var test = Test();

        Assert.Equal(later.Select(row => row.User).Distinct().Order(), test.Users);
        Assert.All(Enumerable.Range(0, test.Count), t => Assert.Equal(
            later.Where(row => row.User == test.Users[t] && row.Item < 4).Select(row => row.Item).Distinct().Order(), test.Relevant[t]));
        Assert.Equal(later.Where(row => row.Item >= 4).Distinct().Count(), test.Elsewhere.Sum());
        Assert.Equal(All().Where(row => row.Item < 4 && row.Day < first).OrderBy(row => (row.User, row.Day, row.Item)), Rows(FeatureArtifacts.History));
    }

    [Fact]
    public void Every_purchase_of_the_history_is_drawn_equally_often()
    {
        Split(Few);
        var history = Rows(FeatureArtifacts.History);
        var pairs = Pairs.Read(harness.Input(FeatureArtifacts.Positives, 1));
        var times = history.CountBy(row => (row.User, row.Item)).ToDictionary();
        var drawn = pairs.Users.Zip(pairs.Items).CountBy(pair => pair).ToDictionary();

        Assert.Equal(4_000, pairs.Count);
        Assert.All(pairs.Labels, label => Assert.Equal(1, label));
        Assert.True(times.Values.Max() > 1, "Nobody bought an item twice, so the weights are not tested.");

        // 0.999 quantile of chi-square (Wilson and Hilferty) with a degree of freedom less than there are pairs.
        var statistic = ChiSquare.Of(times.Keys.Select(pair => drawn.GetValueOrDefault(pair)), times.Values.Select(count => (double)count / history.Length));
        Assert.InRange(statistic, 0, ChiSquare.Quantile999(times.Count - 1));
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes_and_more_pairs_change_nothing_else()
    {
        Split(Few, 1, 2);
        var first = Fingerprints(1);
        Assert.All(first.Zip(Fingerprints(2)), pair => Assert.NotEqual(pair.First, pair.Second));

        Split(Few with { Train = 4_001 });

        // History, validation and test; the positives are longer.
        Assert.Equal([first[0], first[2], first[3]], [Fingerprints(1)[0], Fingerprints(1)[2], Fingerprints(1)[3]]);
        Assert.NotEqual(first[1], Fingerprints(1)[1]);
    }

    [Fact]
    public void Fewer_users_than_are_to_be_drawn_fail_the_check() =>
        Assert.Equal(
            "15 users bought 2 or more items of the catalogue; split.testUsers asks for 16 of them. Lower split.testUsers or split.minPurchases.",
            Fails(Few with { TestUsers = 16 }));

    [Fact]
    public void Nothing_left_to_train_on_fails_the_check() =>
        Assert.StartsWith("None of the ", Fails(Few with { TestUsers = 20, MinPurchases = 1 }), StringComparison.Ordinal);

    [Fact]
    public void Test_period_in_which_nobody_buys_fails_the_check() =>
        Assert.Equal(
            "Nobody bought anything on or after split.date 2020-10-01; the last purchase is of 2020-09-20. Choose an earlier date.",
            Fails(ByTime with { Date = new DateOnly(2020, 10, 1) }));

    [RealDataFact("hm")]
    public void Real_files_split_by_users_and_by_time()
    {
        HmWorld.Real(harness.Root).Write(harness).Run(new HmFeatureStage(new HmFeatureOptions(), null)).Run(new HmSplitStage(new HmSplitOptions()));

        Assert.Equal(100, Test().Count);
        Assert.All(Test().Relevant, relevant => Assert.True(relevant.Length >= 5));

        var byTime = new HmSplitOptions { Kind = HmSplitKind.Time };
        harness.Run(new HmFeatureStage(new HmFeatureOptions(), byTime.TestPeriod)).Run(new HmSplitStage(byTime));

        // The sample's last week has 65 customers.
        Assert.Equal(65, Test().Count);
    }

    /// <summary>20 users, of whom the first five buy one item only; 6 items, of which 4 are the catalogue.</summary>
    static HmWorld World()
    {
        var world = new HmWorld();
        for (var item = 0; item < 6; item++)
        {
            world.Article($"0{item}", $"item {item}");
        }

        for (var user = 0; user < 20; user++)
        {
            world.Customer($"u{user:00}");
            world.Buys($"u{user:00}", $"2020-09-{1 + (user % 9):00}", "00", "00");
            if (user >= 5)
            {
                world.Buys($"u{user:00}", $"2020-09-{5 + (user % 5):00}", "01", user % 2 == 0 ? "02" : "03");
                world.Buys($"u{user:00}", $"2020-09-{10 + (user % 11):00}", user % 3 == 0 ? "04" : "01", user % 7 == 0 ? "05" : "02");
            }
        }

        return world;
    }

    void Split(HmSplitOptions options, params int[] seeds) => World().Write(harness)
        .Run(new HmFeatureStage(new HmFeatureOptions { Items = 4 }, options.TestPeriod)).Run(new HmSplitStage(options), seeds);

    string Fails(HmSplitOptions options)
    {
        var error = Assert.Throws<PipelineException>(() => Split(options));
        Assert.Equal(ExitCode.CheckFailed, error.Code);
        return error.Message;
    }

    TestUsers Test(int seed = 1) => TestUsers.Read(harness.Input(FeatureArtifacts.Test, seed));

    (int User, int Item, int Day)[] All() => Rows(Interactions.Read(harness.Input(FeatureArtifacts.Interactions), int.MaxValue));

    (int User, int Item, int Day)[] Rows(Artifact artifact) => Rows(Interactions.Read(harness.Input(artifact, 1), int.MaxValue));

    static (int User, int Item, int Day)[] Rows(Interactions all) => [.. all.Users.Zip(all.Items, all.Days)];

    string[] Fingerprints(int seed) => [.. new HmSplitStage(Few).Writes.Select(artifact => harness.Input(artifact, seed).Manifest.Fingerprint)];
}
