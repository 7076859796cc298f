using System.Globalization;
using Pipeline.Features;
using Pipeline.Scoring;
using Pipeline.Unit.Ingest.Parquet;

namespace Pipeline.Unit.Scoring;

public sealed class ExportStageTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lists_are_those_of_scoring_every_user_alone_and_then_leaving_out_what_is_masked(bool maskBought)
    {
        using var world = new ShopWorld { Options = new() { Length = ShopWorld.Length, MaskBought = maskBought, UsersPerPart = 15 } }.Export();

        var lists = Published.Read(world.Exported, world.Items);

        var expected = world.Expected().ToList();
        Assert.Equal(expected.Select(list => list.User), lists.Select(list => list.User));
        Assert.All(expected.Zip(lists), pair =>
        {
            Assert.Equal(pair.First.Items, pair.Second.Items);
            Assert.Equal(pair.First.Scores, pair.Second.Scores);
            Assert.Equal(pair.First.Source, pair.Second.Source);
        });
        Assert.Equal(maskBought ? 39 : 40, lists.Count);
    }

    [Fact]
    public void Who_took_nearly_everything_has_a_shorter_list_and_who_took_everything_none()
    {
        using var world = new ShopWorld().Export();
        var lists = Published.Read(world.Exported, world.Items).ToDictionary(list => list.User);

        Assert.Equal([0, 1], lists[world.Users.Ids[ShopWorld.Short]].Items.Order());
        Assert.DoesNotContain(world.Users.Ids[ShopWorld.Sated], lists.Keys);
        Assert.Equal(ShopWorld.Length, lists[world.Users.Ids[0]].Items.Length);
    }

    [Fact]
    public void The_manifest_counts_users_by_popularity_and_what_was_scored_once()
    {
        using var world = new ShopWorld().Export();

        var facts = world.Exported.Manifest.Facts;

        Assert.Equal(3, (int)facts["usersByPopularity"]!);
        Assert.Equal(SmallWorld.DistinctRows, (int)facts["distinctRows"]!);
        // 40 users of 12 distinct rows.
        Assert.Equal(40 / 12.0, (double)facts["dedupeFactor"]!, 12);
    }

    [Fact]
    public void The_number_of_threads_changes_no_byte()
    {
        using var one = new ShopWorld { Options = Submitted }.Export(threads: 1);
        using var four = new ShopWorld { Options = Submitted }.Export(threads: 4);

        Assert.Equal(4, one.Exported.Manifest.Parts.Count);
        Assert.Equal(one.Exported.Manifest.Parts, four.Exported.Manifest.Parts);
    }

    [Fact]
    public void The_submission_has_a_line_per_user_in_the_order_of_the_table()
    {
        using var world = new ShopWorld { Options = Submitted }.Export();
        var lists = world.Expected().ToDictionary(list => list.User, list => string.Join(' ', list.Items.Select(item => world.Items.Ids[item])));

        var lines = File.ReadAllText(world.Exported.File(SubmissionFile.Name));

        var expected = world.Users.Ids.Select(user => $"{user},{lists.GetValueOrDefault(user, "")}\n");
        Assert.Equal("customer_id,prediction\n" + string.Concat(expected), lines);
    }

    [Fact]
    public void Masking_without_interactions_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ExportStage("mamba", new ListOptions { MaskBought = true }));

    [Fact]
    public void What_is_not_given_is_not_read() =>
        Assert.DoesNotContain(FeatureArtifacts.Interactions, new ExportStage("mamba", new ListOptions()).Reads);

    [OracleFact]
    public void DuckDB_finds_a_sound_list_for_every_customer()
    {
        using var world = new ShopWorld().Export();
        var taken = Path.Combine(world.Harness.Input(FeatureArtifacts.Interactions).Path, "part-*.parquet");
        var users = Path.Combine(world.Harness.Input(FeatureArtifacts.Users).Path, "part-*.parquet");

        var found = Oracle.Query($"""
            WITH users AS (SELECT id, row_number() OVER () - 1 AS number, has_features FROM read_parquet('{users}')),
              lists AS (SELECT * FROM read_parquet('{Path.Combine(world.Exported.Path, "part-*.parquet")}')),
              taken AS (SELECT id AS user_id, printf('item-%02d', item) AS item_id FROM read_parquet('{taken}') JOIN users ON number = "user")
            SELECT
              (SELECT count(DISTINCT user_id) FROM lists),
              (SELECT count(*) FROM users WHERE id NOT IN (SELECT user_id FROM lists)),
              (SELECT count(*) FROM (SELECT user_id FROM lists GROUP BY user_id HAVING min(rank) <> 1 OR max(rank) <> count(*) OR count(DISTINCT rank) <> count(*))),
              (SELECT count(*) FROM (SELECT user_id FROM lists GROUP BY user_id, item_id HAVING count(*) > 1)),
              (SELECT count(*) FROM lists SEMI JOIN taken USING (user_id, item_id)),
              (SELECT count(*) FROM (SELECT score > lag(score) OVER (PARTITION BY user_id ORDER BY rank) AS rises FROM lists) WHERE rises),
              (SELECT count(*) FROM lists JOIN users ON id = user_id WHERE (source = 'model') <> has_features),
              (SELECT count(*) FROM taken)
            """);

        // 39 customers have a list; the one who took everything has none. No gap, no item twice, none masked, no score that rises, no source that is wrong.
        // The interactions of the three who took much, and four of each of 33 others: the check of masked items looked at something.
        var rows = 16 + 14 + 14 + (33 * 4);
        Assert.Equal(["39", "1", "0", "0", "0", "0", "0", rows.ToString(CultureInfo.InvariantCulture)], found.Single());
    }

    static ListOptions Submitted => new() { Length = ShopWorld.Length, MaskBought = true, UsersPerPart = 15, Submission = true };
}
