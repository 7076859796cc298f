using Pipeline.Features;
using Pipeline.Scoring;

namespace Pipeline.Unit.Scoring;

public sealed class ScoreStageTests
{
    [Fact]
    public void Test_users_get_no_item_that_training_knows_they_took()
    {
        using var world = new ShopWorld { Options = new() { Length = ShopWorld.Length, MaskBought = true } };
        int[] users = [0, ShopWorld.Short, 9, 9, 39, ShopWorld.Sated];
        var test = world.Harness.Output(FeatureArtifacts.Test, 1);
        new TestUsers(users, [.. users.Select(_ => Enumerable.Range(0, 8).ToArray())]).Write(test, world.Users, world.Items);
        world.Harness.Add(test);

        world.Harness.Run(new ScoreStage("mamba", world.Options, FeatureArtifacts.History));

        var lists = TestLists.Read(world.Harness.Input(ScoringArtifacts.TestLists("mamba"), 1), users.Length);
        var expected = world.Expected().ToDictionary(list => list.User);
        Assert.Equal(users[..^1].Select(user => expected[world.Users.Ids[user]].Items), lists.Items[..^1]);
        Assert.Equal(users[..^1].Select(user => expected[world.Users.Ids[user]].Scores), lists.Scores[..^1]);
        // Who took the whole catalogue is left with nothing.
        Assert.Empty(lists.Items[^1]);
        // Eight liked items each, but only two are left for the second user.
        Assert.Equal((8 * 4) + 2, LikedItems.Read(world.Harness.Input(ScoringArtifacts.TestLists("mamba"), 1)).Predicted.Sum());
    }

    [Fact]
    public void Without_masking_the_history_is_not_read() =>
        Assert.DoesNotContain(FeatureArtifacts.History, new ScoreStage("mamba", new ListOptions(), FeatureArtifacts.History).Reads);
}
