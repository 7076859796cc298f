using Pipeline.Features;
using Pipeline.Ingest.Tables;
using Pipeline.Scoring;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring;

/// <summary>What `publish` finds in lists that somebody spoilt after they were exported.</summary>
public sealed class ExportCheckTests : IDisposable
{
    readonly ShopWorld world = new ShopWorld().Export();

    public void Dispose() => world.Dispose();

    [Fact]
    public void Sound_lists_pass_also_short_ones_and_those_by_popularity()
    {
        world.Publish();

        Assert.Contains("4-topk/mamba: 40 lists are sound", world.Harness.Log);
    }

    [Fact]
    public void A_masked_item_is_found() =>
        // User 1 took item 1.
        AssertRefused("the list of user 'user-01' holds item 'item-01', which this user bought before; `maskBought` leaves such items out.", list =>
            list.User == "user-01" ? list with { Items = [1, .. list.Items.Except([1]).Take(ShopWorld.Length - 1)] } : list);

    [Fact]
    public void A_list_that_could_be_longer_is_found() =>
        AssertRefused("the list of user 'user-07' has 4 items; 5 were expected.", list =>
            list.User == "user-07" ? list with { Items = list.Items[..4], Scores = list.Scores[..4] } : list);

    [Fact]
    public void A_list_of_the_wrong_source_is_found() =>
        AssertRefused("the list of user 'user-20' is by model; of this user no feature is known, so it must be by popularity.", list =>
            list.User == "user-20" ? list with { Source = ListSource.Model } : list);

    [Fact]
    public void An_item_that_occurs_twice_is_found() =>
        AssertRefused("twice; every item may occur once.", list => list.User == "user-10" ? list with { Items = [list.Items[1], .. list.Items[1..]] } : list);

    [Fact]
    public void A_score_that_rises_is_found() =>
        AssertRefused("scores must not increase.", list => list.User == "user-10" ? list with { Scores = [.. list.Scores.Reverse()] } : list);

    [Fact]
    public void A_user_without_a_list_is_found() =>
        AssertRefused("has a list for user 'user-13' where 'user-12' was expected.", list => list.User == "user-12" ? null : list);

    [Fact]
    public void The_last_user_without_a_list_is_found() => AssertRefused("has lists for 39 of 40 users; every user needs one.", list => list.User == "user-39" ? null : list);

    [Fact]
    public void A_list_for_who_took_everything_is_found() =>
        AssertRefused("has a list for user 'user-03' where 'user-04' was expected.", list => list.User == "user-04" ? list with { User = "user-03" } : list);

    [Fact]
    public void A_dead_model_is_found_though_popularity_lives() =>
        AssertRefused("comes from a dead model: all scores are equal.", list => list.Source == ListSource.Model ? list with { Scores = [.. list.Scores.Select(_ => 0f)] } : list);

    [Fact]
    public void A_model_that_gives_all_the_same_is_found_though_masking_makes_the_lists_differ() =>
        AssertRefused("comes from a dead model: every user has the same list.", list =>
        {
            if (list.Source == ListSource.Popularity)
            {
                return list;
            }

            var known = world.Taken.Users.Zip(world.Taken.Items).Where(pair => world.Users.Ids[pair.First] == list.User).Select(pair => pair.Second);
            int[] items = [.. Enumerable.Range(0, SmallWorld.ItemCount).Except(known).Take(ShopWorld.Length)];
            return list with { Items = items, Scores = [.. items.Select(item => 100f - item)] };
        });

    void AssertRefused(string message, Func<Published, Published?> spoil)
    {
        var output = world.Harness.Output(ScoringArtifacts.Export("mamba"));
        using (var writer = new TableWriter(output, UserLists.Schema))
        {
            foreach (var list in Published.Read(world.Exported, world.Items).Select(spoil).OfType<Published>())
            {
                Write(writer, list, world.Items);
            }

            writer.Finish();
        }

        world.Harness.Add(output);
        var error = Assert.Throws<PipelineException>(() => world.Publish());

        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.StartsWith("4-topk/mamba", error.Message);
        Assert.Contains(message, error.Message);
    }

    static void Write(TableWriter writer, Published list, EncodedTable items)
    {
        for (var i = 0; i < list.Items.Length; i++)
        {
            writer.Rows.Strings("user_id").Add(list.User);
            writer.Rows.Values<int>("rank").Add(i + 1);
            writer.Rows.Strings("item_id").Add(items.Ids[list.Items[i]]);
            writer.Rows.Values<float>("score").Add(list.Scores[i]);
            writer.Rows.Strings("source").Add(UserLists.NameOf(list.Source));
            writer.EndRow();
        }
    }
}
