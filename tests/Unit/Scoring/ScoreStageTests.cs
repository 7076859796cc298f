using Pipeline.Features;
using Pipeline.Scoring;
using Pipeline.Scoring.Baselines;

namespace Pipeline.Unit.Scoring;

public sealed class ScoreStageTests
{
    // Known to a model, all but two items taken, drawn twice, known without a past, unknown to a model, that with all but two items taken, all items taken.
    static readonly int[] TestUserRows = [0, ShopWorld.Short, 9, 9, 39, 7, 20, 33, ShopWorld.Sated];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Test_users_get_what_a_night_that_knows_the_history_gives_them(bool masks)
    {
        using var world = Score(masks);

        var lists = TestLists.Read(world.Harness.Input(ScoringArtifacts.TestLists("mamba"), 1), TestUserRows.Length);

        var expected = world.Expected().ToDictionary(list => list.User);
        var given = TestUserRows.Where(user => !masks || user != ShopWorld.Sated).Select(user => expected[world.Users.Ids[user]]).ToList();
        Assert.Equal(given.Select(list => list.Items), lists.Items.Where(items => items.Length > 0));
        Assert.Equal(given.Select(list => list.Scores), lists.Scores.Where(scores => scores.Length > 0));
        Assert.Equal(given.Select(list => list.Source), lists.Sources![..given.Count]);
        // Who took the whole catalogue is left with nothing.
        Assert.Equal(masks ? 0 : ShopWorld.Length, lists.Items[^1].Length);
        // Eight liked items each, but only two are left for two users and none for one.
        Assert.Equal(masks ? (8 * 6) + 2 + 2 : 8 * 9, LikedItems.Read(world.Harness.Input(ScoringArtifacts.TestLists("mamba"), 1)).Predicted.Sum());
        Assert.Equal(3, (int)world.Harness.Input(ScoringArtifacts.TestLists("mamba"), 1).Manifest.Facts["testUsersByPopularity"]!);
    }

    [Fact]
    public void Of_whom_nothing_is_known_gets_the_list_of_the_baseline_popularity()
    {
        using var world = Score(masks: false);
        world.Harness.Run(new BaselineStage(new PopularityBaseline(), world.Options, hasHistory: true));

        var (mamba, popularity) = (Read("mamba"), Read("popularity"));

        Assert.Null(popularity.Sources);
        for (var t = 0; t < TestUserRows.Length; t++)
        {
            Assert.Equal(ShopWorld.WithoutFeatures.Contains(TestUserRows[t]), mamba.Sources![t] == ListSource.Popularity);
            Assert.Equal(ShopWorld.WithoutFeatures.Contains(TestUserRows[t]), mamba.Items[t].SequenceEqual(popularity.Items[t]));
        }

        TestLists Read(string list) => TestLists.Read(world.Harness.Input(ScoringArtifacts.TestLists(list), 1), TestUserRows.Length);
    }

    [Fact]
    public void What_is_left_out_of_lists_does_not_hide_that_the_model_gives_all_the_same()
    {
        using var world = new ShopWorld();
        var known = KnownItems.Read(world.Harness.Input(FeatureArtifacts.Interactions), SmallWorld.UserCount, SmallWorld.ItemCount);
        // By place: users 1 and 2, of whom something is known, and user 7, of whom nothing is.
        var same = TopLists.Of(3, SmallWorld.ItemCount, 12, (user, scores) => scores[user == 2 ? 9 : 4] = 1, threads: 1);
        var lists = new GivenLists(same, [1, 2, 7], [0, 1, 2], 5) { Popular = same, HasFeatures = world.Users.HasFeatures, Masked = known };

        Assert.NotEqual(Items(0), Items(1));
        Assert.Equal("every user has the same list", lists.CauseOfDeath(5));

        int[] Items(int place)
        {
            var items = new int[5];
            lists.Fill(place, items, new float[5]);
            return items;
        }
    }

    [Fact]
    public void The_history_is_read_wherever_there_is_one()
    {
        Assert.Contains(FeatureArtifacts.History, new ScoreStage("mamba", new ListOptions(), FeatureArtifacts.History).Reads);
        Assert.DoesNotContain(FeatureArtifacts.History, new ScoreStage("mamba", new ListOptions()).Reads);
    }

    static ShopWorld Score(bool masks)
    {
        var world = new ShopWorld { Options = new() { Length = ShopWorld.Length, MaskBought = masks } };
        var test = world.Harness.Output(FeatureArtifacts.Test, 1);
        new TestUsers(TestUserRows, [.. TestUserRows.Select(_ => Enumerable.Range(0, 8).ToArray())]).Write(test, world.Users, world.Items);
        world.Harness.Add(test);
        world.Harness.Run(new ScoreStage("mamba", world.Options, FeatureArtifacts.History));
        return world;
    }
}
