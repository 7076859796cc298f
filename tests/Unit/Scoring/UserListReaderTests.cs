using Pipeline.Features;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Scoring;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring;

public sealed class UserListReaderTests : IDisposable
{
    static readonly EncodedTable Items = new(new FeatureSpec([], []), ["i0", "i1", "i2"], null, [], []);

    readonly StageHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public void A_list_that_crosses_groups_and_parts_is_one_list()
    {
        // Groups of two rows, parts of three.
        var lists = Read(2, 3, ("a", 1, "i2", "model"), ("a", 2, "i0", "model"), ("a", 3, "i1", "model"), ("a", 4, "i2", "model"), ("b", 1, "i1", "popularity"));

        Assert.Equal(["a", "b"], lists.Select(list => list.User));
        Assert.Equal([2, 0, 1, 2], lists[0].Items);
        Assert.Equal([-1f, -2, -3, -4], lists[0].Scores);
        Assert.Equal((ListSource.Model, ListSource.Popularity), (lists[0].Source, lists[1].Source));
    }

    [Fact]
    public void A_table_without_rows_has_no_list() => Assert.Empty(Read(2, 3));

    [Fact]
    public void A_gap_in_the_ranks_is_refused() => AssertRefused("has rank 3 of user 'a' where rank 2 was expected.", ("a", 1, "i0", "model"), ("a", 3, "i1", "model"));

    [Fact]
    public void A_list_that_does_not_begin_with_rank_1_is_refused() => AssertRefused("has rank 2 of user 'b' where rank 1 was expected.", ("b", 2, "i0", "model"));

    [Fact]
    public void An_item_that_does_not_exist_is_refused() => AssertRefused("recommends item 'i3', which does not exist.", ("a", 1, "i3", "model"));

    [Fact]
    public void An_unknown_source_is_refused() =>
        AssertRefused("has a list of user 'a' from 'guesses'; lists come from model or popularity.", ("a", 1, "i0", "guesses"));

    [Fact]
    public void A_list_from_two_sources_is_refused() =>
        AssertRefused("has a list of user 'a' from two sources; rank 2 is from 'popularity'.", ("a", 1, "i0", "model"), ("a", 2, "i1", "popularity"));

    void AssertRefused(string message, params (string, int, string, string)[] rows)
    {
        var error = Assert.Throws<PipelineException>(() => Read(10, 10, rows));

        Assert.Equal(ExitCode.CheckFailed, error.Code);
        Assert.EndsWith(message, error.Message);
    }

    /// <summary>Scores are -rank.</summary>
    IReadOnlyList<Published> Read(int rowsPerGroup, int rowsPerPart, params (string User, int Rank, string Item, string Source)[] rows)
    {
        var output = harness.Output(ScoringArtifacts.Export("mamba"));
        var parts = rows.Chunk(rowsPerPart).DefaultIfEmpty([]).ToList();
        for (var part = 0; part < parts.Count; part++)
        {
            var group = new RowGroup(UserLists.Schema);
            foreach (var (user, rank, item, source) in parts[part])
            {
                group.Strings("user_id").Add(user);
                group.Values<int>("rank").Add(rank);
                group.Strings("item_id").Add(item);
                group.Values<float>("score").Add(-rank);
                group.Strings("source").Add(source);
            }

            using var writer = new ParquetWriter(output.File(UserLists.PartName(part)), UserLists.Schema, new ParquetOptions { RowsPerGroup = rowsPerGroup });
            writer.Write(group);
            writer.Finish();
        }

        return Published.Read(harness.Add(output), Items);
    }
}
