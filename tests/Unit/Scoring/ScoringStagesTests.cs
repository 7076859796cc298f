using System.Text.Json;
using Pipeline.Features;
using Pipeline.Ingest.Tables;
using Pipeline.Scoring;
using Pipeline.Scoring.Baselines;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring;

public sealed class ScoringStagesTests
{
    [Fact]
    public void Every_tower_and_baseline_gives_every_test_user_twelve_items()
    {
        using var world = new SmallWorld().Train().Score();

        Assert.All(["mamba", "transformer", "popularity", "random", "oracle"], list =>
        {
            var lists = world.TestLists(list);
            Assert.Equal(SmallWorld.TestUserCount, lists.Items.Length);
            Assert.All(lists.Items, items => Assert.Equal(12, items.Distinct().Count()));
            for (var user = 0; user < lists.Items.Length; user++)
            {
                Assert.Null(new ListCheck(world.Items.Ids).Fault(lists.Items[user], lists.Scores[user]));
            }
        });
    }

    [Fact]
    public void A_test_list_names_users_and_items_as_the_tables_do()
    {
        using var world = new SmallWorld().Train().Score();
        var input = world.Harness.Input(ScoringArtifacts.TestLists("mamba"), 1);
        var test = TestUsers.Read(world.Harness.Input(FeatureArtifacts.Test, 1));

        var rows = TableFiles.ReadAll(input);

        Assert.Equal(["test_user", "item", "user_id", "rank", "item_id", "score", "source"], rows.Schema.Columns.Select(column => column.Name));
        for (var row = 0; row < rows.Count; row++)
        {
            Assert.Equal(world.Users.Ids[test.Users[rows.Values<int>("test_user")[row]]], rows.Strings("user_id").Text(row));
            Assert.Equal(world.Items.Ids[rows.Values<int>("item")[row]], rows.Strings("item_id").Text(row));
        }
    }

    [Fact]
    public void Popularity_breaks_ties_by_item_order_and_is_the_same_for_all()
    {
        using var world = new SmallWorld().Train().Score();
        var train = Pairs.Read(world.Harness.Input(FeatureArtifacts.Train, 1));
        var likes = Enumerable.Range(0, SmallWorld.ItemCount).Select(item => train.Items.Zip(train.Labels).Count(pair => pair.First == item && pair.Second == 1)).ToArray();
        // LINQ's ordering is stable: equal counts stay in item order.
        var expected = Enumerable.Range(0, SmallWorld.ItemCount).OrderByDescending(item => likes[item]).Take(12);

        Assert.True(likes.Distinct().Count() < likes.Length, "no tie to break");
        Assert.All(world.TestLists("popularity").Items, items => Assert.Equal(expected, items));
    }

    [Fact]
    public void Oracle_puts_liked_items_first_then_the_rest_in_item_order()
    {
        using var world = new SmallWorld().Train().Score();
        var relevant = TestUsers.Read(world.Harness.Input(FeatureArtifacts.Test, 1)).Relevant;

        Assert.All(world.TestLists("oracle").Items.Zip(relevant), pair =>
            Assert.Equal(pair.Second.Concat(Enumerable.Range(0, SmallWorld.ItemCount).Except(pair.Second)).Take(12), pair.First));
    }

    [Fact]
    public void With_a_history_popularity_is_counted_from_it_and_its_own_baselines_are_there()
    {
        using var world = new SmallWorld(hasHistory: true, 1).Train().Score();
        var history = world.History();
        var taken = BaselineData.CountTaken(history, SmallWorld.ItemCount);
        var expected = Enumerable.Range(0, SmallWorld.ItemCount).OrderByDescending(item => taken[item]).Take(12).ToArray();
        var test = TestUsers.Read(world.Harness.Input(FeatureArtifacts.Test, 1));

        Assert.All(world.TestLists("popularity").Items, items => Assert.Equal(expected, items));
        Assert.All(["popularity-by-age", "recent-popularity", "last-purchases"], list => Assert.All(
            world.TestLists(list).Items, items => Assert.Equal(12, items.Distinct().Count())));
        var last = world.TestLists("last-purchases").Items;
        for (var t = 0; t < test.Count; t++)
        {
            int[] items = [.. history.Items(test.Users[t])], days = [.. history.Days(test.Users[t])];
            // Of those taken on the last day the first by item order; popularity for a user without a past.
            Assert.Equal(items.Length == 0 ? expected[0] : items.Where((_, i) => days[i] == days[^1]).Min(), last[t][0]);
        }

        var facts = world.Harness.Input(ScoringArtifacts.TestLists("last-purchases"), 1).Manifest.Facts;
        var withHistory = (int)facts["testUsersWithHistory"]!;
        Assert.Equal(test.Users.Count(user => user < 30 && history.Items(user).Length > 0), withHistory);
        Assert.InRange(withHistory, 1, test.Count - 1);
    }

    [Fact]
    public void A_baseline_that_needs_a_history_is_refused_where_there_is_none()
    {
        var error = Assert.Throws<ArgumentException>(() => new BaselineStage(new LastPurchasesBaseline(), new ListOptions()));

        Assert.StartsWith("last-purchases needs a history of who took what, and when.", error.Message);
    }

    [Fact]
    public void How_many_days_are_recent_is_part_of_what_the_lists_depend_on_and_of_no_other_list()
    {
        Assert.Equal("{\"Length\":12}", Text(new PopularityBaseline()));
        Assert.Equal("{\"Length\":12,\"Baseline\":{\"RecentDays\":3}}", Text(new RecentPopularityBaseline(3)));

        static string Text(IBaseline baseline) => JsonSerializer.Serialize(new BaselineStage(baseline, new ListOptions(), hasHistory: true).Options);
    }

    [Fact]
    public void A_report_with_relevant_items_elsewhere_holds_both_tables_and_a_label()
    {
        using var world = new SmallWorld(hasHistory: true, 1, 2) { Label = "tiny" }.Train().Score().Export().Report();
        var report = world.Harness.Input(ScoringArtifacts.Report);
        var json = JsonDocument.Parse(File.ReadAllBytes(report.File("metrics.json"))).RootElement;
        var rows = json.GetProperty("rows").EnumerateArray().ToLookup(row => row.GetProperty("relevant").GetString());

        Assert.Equal("tiny", json.GetProperty("label").GetString());
        Assert.Equal(8 * 16, rows["catalogue"].Count());
        Assert.Equal(8 * 16, rows["all"].Count());
        // Two seeds of 24 test users; the last of each likes only what is elsewhere.
        Assert.All(rows["catalogue"], row => Assert.Equal(46, row.GetProperty("users").GetInt32()));
        Assert.All(rows["all"], row => Assert.Equal(48, row.GetProperty("users").GetInt32()));
        // Two towers with each other and with five baselines, by four metrics.
        Assert.Equal(11 * 4, json.GetProperty("tests").GetArrayLength());
        Assert.Contains("dataset test (tiny)", File.ReadAllText(report.File("report.html")));
    }

    [Fact]
    public void The_report_counts_users_of_whom_nothing_is_known_and_keeps_them_out_of_the_curves()
    {
        using var world = new SmallWorld(hasHistory: true, 1, 2).Train().Export();
        var isKnown = Enumerable.Range(0, SmallWorld.UserCount).Select(user => user % 3 > 0).ToArray();
        var users = world.Harness.Output(FeatureArtifacts.Users);
        new EncodedTable(world.Users.Spec, world.Users.Ids, null, world.Users.Numeric, world.Users.Categories, isKnown).Write(users);
        world.Harness.Add(users);

        world.Score().Report();

        var json = JsonDocument.Parse(File.ReadAllBytes(world.Harness.Input(ScoringArtifacts.Report).File("metrics.json"))).RootElement;
        var tests = new[] { 1, 2 }.Select(seed => TestUsers.Read(world.Harness.Input(FeatureArtifacts.Test, seed))).ToList();
        var unknown = tests.Sum(test => test.Users.Zip(test.Relevant).Count(user => !isKnown[user.First] && user.Second.Length > 0));
        Assert.InRange(unknown, 1, 45);
        Assert.Equal(unknown, json.GetProperty("usersByPopularity").GetInt32());
        Assert.Contains($"Of {unknown} of those counted nothing is known", File.ReadAllText(world.Harness.Input(ScoringArtifacts.Report).File("report.html")));
        var group = json.GetProperty("groups").EnumerateArray().Where(group => group.GetProperty("group").GetString() == "unknown").ToList();
        Assert.Equal(unknown, group[0].GetProperty("users").GetInt32());
        // Every tower gives them popularity's list.
        Assert.Single(group.Where(row => row.GetProperty("list").GetString() is "mamba" or "transformer" or "popularity").Select(row => row.GetProperty("value").GetDouble()).Distinct());
        // The first ten test users are probe users; all like something.
        var probes = tests.Sum(test => test.Users.Take(10).Count(user => isKnown[user]));
        Assert.All(json.GetProperty("curves").EnumerateArray(), curve => Assert.Equal(probes, curve.GetProperty("users").GetInt32()));
        Assert.Contains("history", json.GetProperty("groups").EnumerateArray().Select(row => row.GetProperty("by").GetString()));
    }

    [Fact]
    public void A_model_that_was_found_dead_when_it_scored_is_dead_in_the_report()
    {
        using var world = new SmallWorld().Train().Score().Export();
        var rows = TableFiles.ReadAll(world.Harness.Input(ScoringArtifacts.TestLists("mamba"), 1));
        var output = world.Harness.Output(ScoringArtifacts.TestLists("mamba"), 1);
        LikedItems.Read(world.Harness.Input(ScoringArtifacts.TestLists("mamba"), 1)).Write(output);
        TableFiles.Write(output, rows.Schema, [rows]);
        output.Facts[TestLists.DeadModel] = "every user has the same list";
        world.Harness.Add(output);

        var json = JsonDocument.Parse(File.ReadAllBytes(world.Report().Harness.Input(ScoringArtifacts.Report).File("metrics.json"))).RootElement;

        Assert.Equal("every user has the same list", Assert.Single(json.GetProperty("deadRuns").EnumerateArray()).GetProperty("cause").GetString());
    }

    [Fact]
    public void The_export_has_a_list_for_every_user_in_parts_and_scores_alike_users_once()
    {
        using var world = new SmallWorld { Lists = new ListOptions { UsersPerPart = 15 } }.Train().Export();
        var export = world.Harness.Input(ScoringArtifacts.Export("mamba"));

        var lists = Published.Read(export, world.Items);

        Assert.Equal(world.Users.Ids, lists.Select(list => list.User));
        Assert.All(lists, list => Assert.Equal((12, ListSource.Model), (list.Items.Distinct().Count(), list.Source)));
        // Users 0 and 12 have the same features.
        Assert.Equal(lists[0].Items, lists[12].Items);
        Assert.Equal(["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"], export.Manifest.Parts.Select(part => part.Path));
        // 15, 15 and 10 users of 12 items each.
        Assert.Equal([180L, 180, 120], export.Manifest.Parts.Select(part => part.Rows));
        Assert.Equal(["user_id", "rank", "item_id", "score", "source"], export.Manifest.Schema!.Select(column => column.Name));
        Assert.Equal(SmallWorld.UserCount, (int)export.Manifest.Facts["users"]!);
        Assert.Equal(SmallWorld.DistinctRows, (int)export.Manifest.Facts["distinctRows"]!);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        using var one = new SmallWorld(1, 2).Train().Score().Export().Report();
        using var two = new SmallWorld(1, 2).Train().Score().Export().Report();

        Assert.Equal(Digests(one, ScoringArtifacts.TestLists("mamba"), 2), Digests(two, ScoringArtifacts.TestLists("mamba"), 2));
        Assert.Equal(Digests(one, ScoringArtifacts.TestLists("random"), 2), Digests(two, ScoringArtifacts.TestLists("random"), 2));
        Assert.Equal(Digests(one, ScoringArtifacts.Export("transformer"), null), Digests(two, ScoringArtifacts.Export("transformer"), null));
        Assert.Equal(Digests(one, ScoringArtifacts.Report, null), Digests(two, ScoringArtifacts.Report, null));
    }

    [Fact]
    public void The_report_covers_all_lists_and_seeds_and_the_oracle_is_the_ceiling()
    {
        using var world = new SmallWorld(1, 2, 3).Train().Score().Export().Report();
        var report = world.Harness.Input(ScoringArtifacts.Report);
        var json = JsonDocument.Parse(File.ReadAllBytes(report.File("metrics.json"))).RootElement;
        var rows = json.GetProperty("rows").EnumerateArray().ToList();

        Assert.Equal(5 * 16, rows.Count);
        // Three seeds of 24 test users, of whom one likes nothing.
        Assert.All(rows, row => Assert.Equal((69, 3), (row.GetProperty("users").GetInt32(), row.GetProperty("seeds").GetInt32())));
        foreach (var group in rows.GroupBy(row => (row.GetProperty("metric").GetString(), row.GetProperty("k").GetInt32())))
        {
            var ceiling = group.Single(row => row.GetProperty("list").GetString() == "oracle").GetProperty("value").GetDouble();
            Assert.All(group, row => Assert.InRange(row.GetProperty("value").GetDouble(), 0, ceiling + 1e-12));
        }

        // Two towers, three hit rates, steps 0, 10 and 20.
        Assert.Equal(6, json.GetProperty("curves").GetArrayLength());
        Assert.All(json.GetProperty("curves").EnumerateArray(), curve => Assert.Equal(3, curve.GetProperty("points").GetArrayLength()));
        // Five lists of the test users and two exports.
        Assert.Equal(7, json.GetProperty("spreads").GetArrayLength());
        var likes = json.GetProperty("itemLikes")[0];
        // 69 counted users like 4 of 16 items each, and are recommended as many.
        Assert.Equal(69 * 4, likes.GetProperty("actual").EnumerateArray().Sum(count => count.GetInt32()));
        Assert.Equal(69 * 4, likes.GetProperty("predicted").EnumerateArray().Sum(count => count.GetInt32()));
        Assert.Contains("test", File.ReadAllText(report.File("report.html")));
    }

    [Fact]
    public void A_list_that_is_missing_stops_the_report()
    {
        using var world = new SmallWorld().Train().Score().Export();
        WriteTestLists(world, "mamba", SmallWorld.TestUserCount - 1);

        var error = Assert.Throws<PipelineException>(() => world.Report());

        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.Contains("has no list for test user 23", error.Message);
    }

    [Fact]
    public void A_report_whose_numbers_contradict_each_other_is_not_written()
    {
        using var world = new SmallWorld().Train().Score().Export();
        RepeatFirstItems(world, "mamba", ScoringArtifacts.TestLists("oracle"));

        var error = Assert.Throws<PipelineException>(() => world.Report());

        // The first liked item five times among five places, of four liked ones: a recall of 5/4.
        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.Contains("mamba: R@5 <= HR@5 fails by ", error.Message);
    }

    [Fact]
    public void A_dead_run_is_counted_by_the_report_and_refused_by_publish()
    {
        using var world = new SmallWorld().Train().Score().Export();
        WriteTestLists(world, "mamba", SmallWorld.TestUserCount);
        WriteExport(world, "mamba", _ => 0);

        world.Report();
        var json = JsonDocument.Parse(File.ReadAllBytes(world.Harness.Input(ScoringArtifacts.Report).File("metrics.json"))).RootElement;
        var error = Assert.Throws<PipelineException>(() => world.Publish());

        Assert.Equal("all scores are equal", json.GetProperty("deadRuns")[0].GetProperty("cause").GetString());
        Assert.Equal(5 * 16, json.GetProperty("rows").GetArrayLength());
        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.StartsWith("4-topk/mamba comes from a dead model: all scores are equal.", error.Message);
    }

    [Fact]
    public void Publish_passes_sound_lists()
    {
        using var world = new SmallWorld().Train().Score().Export().Report().Publish();

        Assert.Contains("4-topk/transformer: 40 lists are sound", world.Harness.Log);
        Assert.Equal(["4-topk/mamba", "4-topk/transformer"], new PublishStage(SmallWorld.Towers, new ListOptions()).Publishes.Select(artifact => artifact.Folder));
    }

    [Fact]
    public void Publish_misses_a_user_without_a_list()
    {
        using var world = new SmallWorld().Train().Score().Export().Report();
        WriteExport(world, "mamba", user => user, users: SmallWorld.UserCount - 1);

        var error = Assert.Throws<PipelineException>(() => world.Publish());

        Assert.Equal("4-topk/mamba has lists for 39 of 40 users; every user needs one.", error.Message);
    }

    static IEnumerable<string> Digests(SmallWorld world, Artifact artifact, int? seed) => world.Harness.Input(artifact, seed).Manifest.Parts.Select(part => part.Sha256);

    /// <summary>Replaces the lists of a tower by others whose scores are all 0.</summary>
    static void WriteTestLists(SmallWorld world, string tower, int users)
    {
        var test = TestUsers.Read(world.Harness.Input(FeatureArtifacts.Test, 1));
        var fewer = new TestUsers(test.Users[..users], test.Relevant[..users]);
        var lists = TopLists.Of(users, SmallWorld.ItemCount, 12, (_, scores) => scores.Clear(), threads: 1);
        var output = world.Harness.Output(ScoringArtifacts.TestLists(tower), 1);
        var given = new GivenLists(lists, fewer.Users, [.. Enumerable.Range(0, users)], 12);
        TestLists.Write(output, world.Users, world.Items, given, 12, saysSource: true);
        LikedItems.Of(fewer, given, SmallWorld.ItemCount).Write(output);
        world.Harness.Add(output);
    }

    /// <summary>Replaces the lists of a tower by those of another artifact with the first item in every place.</summary>
    static void RepeatFirstItems(SmallWorld world, string tower, Artifact source)
    {
        var rows = TableFiles.ReadAll(world.Harness.Input(source, 1));
        var output = world.Harness.Output(ScoringArtifacts.TestLists(tower), 1);
        using (var writer = new TableWriter(output, rows.Schema))
        {
            for (var row = 0; row < rows.Count; row++)
            {
                var first = row - rows.Values<int>("rank")[row] + 1;
                writer.Rows.Values<int>("test_user").Add(rows.Values<int>("test_user")[row]);
                writer.Rows.Values<int>("item").Add(rows.Values<int>("item")[first]);
                writer.Rows.Strings("user_id").Add(rows.Strings("user_id")[row]);
                writer.Rows.Values<int>("rank").Add(rows.Values<int>("rank")[row]);
                writer.Rows.Strings("item_id").Add(rows.Strings("item_id")[first]);
                writer.Rows.Values<float>("score").Add(rows.Values<float>("score")[row]);
                writer.EndRow();
            }

            writer.Finish();
        }

        new LikedItems(new long[SmallWorld.ItemCount], new long[SmallWorld.ItemCount]).Write(output);
        world.Harness.Add(output);
    }

    /// <summary>Replaces a tower's export by lists whose item scores are (item x shift) modulo the catalogue.</summary>
    static void WriteExport(SmallWorld world, string tower, Func<int, int> shift, int users = SmallWorld.UserCount)
    {
        var lists = TopLists.Of(
            users,
            SmallWorld.ItemCount,
            12,
            (user, scores) =>
            {
                for (var item = 0; item < scores.Length; item++)
                {
                    scores[item] = item * shift(user) % SmallWorld.ItemCount;
                }
            },
            threads: 1);
        var output = world.Harness.Output(ScoringArtifacts.Export(tower));
        var given = new GivenLists(lists, [.. Enumerable.Range(0, users)], [.. Enumerable.Range(0, users)], 12);
        output.AddTable(UserLists.PartName(0), UserLists.Schema.ToManifest(), UserLists.WritePart(output, 0, world.Users, world.Items, given, 0, users));
        world.Harness.Add(output);
    }
}
