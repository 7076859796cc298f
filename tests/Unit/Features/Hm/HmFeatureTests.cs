using System.Globalization;
using Pipeline.Features;
using Pipeline.Features.Hm;
using Pipeline.Stages;

namespace Pipeline.Unit.Features.Hm;

public sealed class HmFeatureTests : IDisposable
{
    readonly StageHarness harness = new("hm");

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Items_are_the_most_bought_names_and_their_ids_the_most_bought_articles()
    {
        var world = new HmWorld().Article("01", "Tee").Article("02", "Tee").Article("03", "Sock").Article("04", "Hat")
            .Buys("a", "2020-01-01", "01", "02", "02", "03", "03", "03", "03", "04");
        var items = Features(world, new HmFeatureOptions { Items = 2 }).Items;

        Assert.Equal(["Sock", "Tee"], items.Names!);
        Assert.Equal(["03", "02"], items.Ids);
        Assert.Equal(new CategoryFeature("item", 2), Assert.Single(items.Spec.Categories));
        Assert.Equal([0, 1], items.Categories);
    }

    [Fact]
    public void Items_bought_equally_often_stand_in_the_order_of_their_names_and_articles()
    {
        // Capitals come before small letters in the order of bytes.
        var world = new HmWorld().Article("04", "hat").Article("03", "Tee").Article("02", "Tee").Article("01", "Sock")
            .Buys("a", "2020-01-01", "03", "02", "04", "04", "01", "01");

        var items = Features(world, new HmFeatureOptions()).Items;

        Assert.Equal(["Sock", "Tee", "hat"], items.Names!);
        Assert.Equal(["01", "02", "04"], items.Ids);
    }

    [Fact]
    public void Articles_can_be_items_themselves()
    {
        var world = new HmWorld().Article("01", "Tee").Article("02", "Tee").Article("03", "Sock").Buys("a", "2020-01-01", "02", "02", "01", "03");

        var items = Features(world, new HmFeatureOptions { ItemKey = HmItemKey.ArticleId }).Items;

        Assert.Equal(["02", "01", "03"], items.Ids);
        Assert.Equal(["Tee", "Tee", "Sock"], items.Names!);
    }

    [Fact]
    public void Items_that_nobody_bought_are_none()
    {
        var world = new HmWorld().Article("01", "Tee").Article("02", "Sock").Buys("a", "2020-01-01", "01");

        Assert.Equal(["Tee"], Features(world, new HmFeatureOptions()).Items.Names!);
    }

    [Fact]
    public void Article_that_the_table_does_not_have_is_an_item_by_its_id_and_is_counted()
    {
        var world = new HmWorld().Article("01", "Tee").Article("02", "").Buys("a", "2020-01-01", "99", "99", "99", "02", "02", "01");

        var items = Features(world, new HmFeatureOptions()).Items;

        Assert.Equal(["99", "02", "Tee"], items.Names!);
        Assert.Equal(3, Fact(FeatureArtifacts.Interactions, "ofUnknownArticles"));
        Assert.Contains(harness.Log, line => line.StartsWith("warning: 3 of ", StringComparison.Ordinal) && line.Contains("purchases are of articles that articles.csv does not have"));
        Assert.Equal(1, Fact(FeatureArtifacts.Interactions, "unknownArticles"));
    }

    [Fact]
    public void Purchases_from_the_test_period_on_do_not_choose_items()
    {
        var world = new HmWorld().Article("01", "Tee").Article("02", "Sock").Article("03", "Sock")
            .Buys("a", "2020-09-15", "01", "01", "02").Buys("a", "2020-09-16", "03", "03", "03");

        var items = Features(world, new HmFeatureOptions(), new DateOnly(2020, 9, 16)).Items;

        Assert.Equal(["Tee", "Sock"], items.Names!);
        Assert.Equal("02", items.Ids[1]);
        Assert.Equal(["Sock", "Tee"], Features(world, new HmFeatureOptions()).Items.Names!);
        Assert.Equal("03", EncodedTable.Read(harness.Input(FeatureArtifacts.Items)).Ids[0]);
    }

    [Fact]
    public void Nothing_bought_before_the_test_period_fails_the_check()
    {
        var world = new HmWorld().Article("01", "Tee").Buys("a", "2020-09-16", "01");

        var error = Assert.Throws<PipelineException>(() => Features(world, new HmFeatureOptions(), new DateOnly(2020, 9, 16)));

        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.Contains("split.date", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_purchase_is_an_interaction_in_its_order_with_its_place_outside_the_catalogue_too()
    {
        var world = new HmWorld().Article("01", "Tee").Article("02", "Sock").Article("03", "Hat").Customer("a").Customer("b")
            .Buys("b", "1970-01-02", "03", "01").Buys("a", "1970-01-03", "01", "02", "02", "01").Buys("b", "1970-01-04", "01");

        var interactions = Features(world, new HmFeatureOptions { Items = 1 }).Interactions;

        Assert.Equal([1, 1, 0, 0, 0, 0, 1], interactions.Users);
        Assert.Equal([2, 0, 0, 1, 1, 0, 0], interactions.Items);
        Assert.Equal([1, 1, 2, 2, 2, 2, 3], interactions.Days);
        Assert.Equal(4, Fact(FeatureArtifacts.Interactions, "withinCatalogue"));
    }

    [Fact]
    public void Categories_are_numbered_with_the_empty_one_first()
    {
        var world = Bought().Customer("a", "1.0", "", "PRE-CREATE", "None").Customer("b", "", "1.0", "ACTIVE", "NONE").Customer("c", age: "20");

        var users = Features(world, new HmFeatureOptions()).Users;

        // Values in the order of their bytes after the empty one: ACTIVE, PRE-CREATE; NONE, None.
        Assert.Equal(
            [new("FN", 2), new("Active", 2), new("club_member_status", 3), new CategoryFeature("fashion_news_frequency", 3)], users.Spec.Categories);
        Assert.Equal([1, 0, 2, 2], users.Categories[..4]);
        Assert.Equal([0, 1, 1, 1], users.Categories[4..8]);
        Assert.Equal([0, 0, 0, 0], users.Categories[8..12]);
        Assert.Equal("(empty), ACTIVE, PRE-CREATE", (string?)harness.Input(FeatureArtifacts.Users).Manifest.Facts["values.club_member_status"]);
    }

    [Fact]
    public void Age_is_standardised_and_the_mean_stands_for_a_missing_one()
    {
        var world = Bought().Customer("a", age: "20").Customer("b").Customer("c", age: "40");

        var users = Features(world, new HmFeatureOptions()).Users;

        // Mean 30, standard deviation 10. The buyer has no row, and so no age.
        Assert.Equal(["age", "age_missing"], users.Spec.Numeric);
        Assert.Equal([-1, 0, 0, 1, 1, 0, 0, 1], users.Numeric);
    }

    [Fact]
    public void Age_can_stay_in_years()
    {
        var world = Bought().Customer("a", age: "20").Customer("b").Customer("c", age: "40");

        Assert.Equal([20, 0, 30, 1, 40, 0, 30, 1], Features(world, new HmFeatureOptions { AgeScale = AgeScale.Years }).Users.Numeric);
    }

    [Fact]
    public void Ages_that_are_all_equal_are_the_mean() =>
        Assert.Equal([0, 0, 0, 1], Features(Bought().Customer("a", age: "20"), new HmFeatureOptions()).Users.Numeric);

    [Fact]
    public void Customers_who_only_buy_follow_those_of_the_table_and_have_no_features()
    {
        var world = Bought("z", "y", "z").Customer("b", club: "ACTIVE").Customer("a").Customer("c", age: "20");

        var users = Features(world, new HmFeatureOptions()).Users;

        Assert.Equal(["b", "a", "c", "z", "y"], users.Ids);
        Assert.Equal<bool>([true, false, true, false, false], users.HasFeatures!);
        Assert.Equal(2, Fact(FeatureArtifacts.Users, "customersOnlyInTransactions"));
        Assert.Equal(3, Fact(FeatureArtifacts.Users, "customersWithoutFeatures"));
        Assert.Equal(3, Fact(FeatureArtifacts.Interactions, "ofUnknownCustomers"));
        Assert.Contains(harness.Log, line => line.StartsWith("warning: 3 of ", StringComparison.Ordinal) && line.Contains("purchases are of customers that customers.csv does not have"));
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bytes()
    {
        // 2,500 purchases in three groups of rows; two in three of the 90 customers are not in the table.
        static HmWorld World()
        {
            var world = new HmWorld().Article("01", "Tee").Article("02", "Sock");
            for (var c = 0; c < 30; c++)
            {
                world.Customer($"c{c * 3:00}", age: $"{20 + c}");
            }

            for (var i = 0; i < 2_500; i++)
            {
                world.Buys($"c{i * 7 / 3 * 31 % 90:00}", "2020-01-01", i % 3 == 0 ? "01" : "02");
            }

            return world;
        }

        using var other = new StageHarness("hm", threads: 3);
        World().Write(harness).Run(new HmFeatureStage(new HmFeatureOptions(), null));
        World().Write(other).Run(new HmFeatureStage(new HmFeatureOptions(), null));

        Assert.Equal(90, EncodedTable.Read(other.Input(FeatureArtifacts.Users)).Count);
        Assert.All(
            new HmFeatureStage(new HmFeatureOptions(), null).Writes,
            artifact => Assert.Equal(harness.Input(artifact).Manifest.Fingerprint, other.Input(artifact).Manifest.Fingerprint));
    }

    [Theory]
    [InlineData("article 01 is there twice")]
    [InlineData("customer a is there twice")]
    public void Row_that_is_there_twice_fails_the_check(string message)
    {
        var world = Bought("a").Customer("a");
        _ = message.StartsWith("article", StringComparison.Ordinal) ? world.Article("01", "Hat") : world.Customer("b").Customer("a");

        var error = Assert.Throws<PipelineException>(() => Features(world, new HmFeatureOptions()));

        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [RealDataFact("hm")]
    public void Real_files_have_the_published_counts()
    {
        var (users, items, interactions) = Features(HmWorld.Real(harness.Root), new HmFeatureOptions());
        var history = History.Of(Interactions.Read(harness.Input(FeatureArtifacts.Interactions), items.Count), users.Count);
        var buyers = Enumerable.Range(0, users.Count).Select(user => history.Known(user).Length).Where(known => known > 0).ToArray();

        // Counted with DuckDB from the same files.
        Assert.Equal(31_662, interactions.Count);
        Assert.Equal(0, Fact(FeatureArtifacts.Interactions, "ofUnknownCustomers"));
        Assert.Equal(0, Fact(FeatureArtifacts.Interactions, "ofUnknownArticles"));
        Assert.DoesNotContain(harness.Log, line => line.StartsWith("warning", StringComparison.Ordinal));
        Assert.Equal(1_364, users.Count);
        Assert.Equal(100, items.Count);
        Assert.Equal(4_258, history.Count);
        Assert.Equal(4_258, Fact(FeatureArtifacts.Interactions, "withinCatalogue"));
        Assert.Equal(2_687, buyers.Sum());
        Assert.Equal(795, buyers.Length);
        Assert.Equal(191, buyers.Count(known => known >= 5));
        Assert.Equal("0706016001", items.Ids[0]);
    }

    static HmWorld Bought(params string[] customers) =>
        (customers.Length == 0 ? ["z"] : customers).Aggregate(new HmWorld().Article("01", "Tee"), (world, customer) => world.Buys(customer, "2020-01-01", "01"));

    (EncodedTable Users, EncodedTable Items, Interactions Interactions) Features(HmWorld world, HmFeatureOptions options, DateOnly? before = null)
    {
        world.Write(harness).Run(new HmFeatureStage(options, before));
        return (
            EncodedTable.Read(harness.Input(FeatureArtifacts.Users)),
            EncodedTable.Read(harness.Input(FeatureArtifacts.Items)),
            Interactions.Read(harness.Input(FeatureArtifacts.Interactions), int.MaxValue));
    }

    long Fact(Artifact artifact, string name) => long.Parse(harness.Input(artifact).Manifest.Facts[name]!.ToJsonString(), CultureInfo.InvariantCulture);
}
