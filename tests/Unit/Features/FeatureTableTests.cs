using Pipeline.Features;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Unit.Features;

public sealed class FeatureTableTests : IDisposable
{
    static readonly FeatureSpec Spec = new(["age", "active"], [new CategoryFeature("club", 3)]);

    readonly StageHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Encoded_table_reads_back_as_it_was_written()
    {
        var output = harness.Output(FeatureArtifacts.Users);
        new EncodedTable(Spec, ["a", "b"], ["Ada", "Bé"], [0.5f, 1, -2, 0], [2, 0]).Write(output);

        var table = EncodedTable.Read(harness.Add(output));

        Assert.Equal(Spec.Numeric, table.Spec.Numeric);
        Assert.Equal(Spec.Categories, table.Spec.Categories);
        Assert.Equal(["a", "b"], table.Ids);
        Assert.Equal(["Ada", "Bé"], table.Names);
        Assert.Equal([0.5f, 1, -2, 0], table.Numeric);
        Assert.Equal([2, 0], table.Categories);
    }

    [Fact]
    public void Encoded_table_without_names_has_no_column_of_that_name()
    {
        var output = harness.Output(FeatureArtifacts.Users);
        new EncodedTable(new FeatureSpec([], []), ["a"], null, [], []).Write(output);

        var input = harness.Add(output);

        Assert.Null(EncodedTable.Read(input).Names);
        Assert.Equal(["id"], input.Manifest.Schema!.Select(column => column.Name));
        Assert.Equal(1, input.Manifest.Rows);
    }

    [Fact]
    public void Spec_lies_beside_the_table_as_json()
    {
        var output = harness.Output(FeatureArtifacts.Users);
        new EncodedTable(new FeatureSpec(["age"], [new CategoryFeature("club", 3)]), [], null, [], []).Write(output);

        const string Expected = """
            {
              "numeric": [
                "age"
              ],
              "categories": [
                {
                  "name": "club",
                  "cardinality": 3
                }
              ]
            }

            """;
        Assert.Equal(Expected, File.ReadAllText(output.File("features.json")));
    }

    [Fact]
    public void Tokens_are_the_features_and_cls() => Assert.Equal(2 + 1 + 1, Spec.Tokens);

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void Category_out_of_its_range_is_refused(int category)
    {
        var error = Assert.Throws<ArgumentException>(() => new EncodedTable(Spec, ["a"], null, [1, 2], [category]));

        Assert.Equal($"Row 0: club is {category}; it must be 0 to 2.", error.Message);
    }

    [Fact]
    public void Number_that_is_not_finite_is_refused() =>
        Assert.Equal(
            "Row 1: age is NaN, which is not finite.",
            Assert.Throws<ArgumentException>(() => new EncodedTable(Spec, ["a", "b"], null, [1, 2, float.NaN, 4], [0, 0])).Message);

    [Fact]
    public void Lengths_that_do_not_agree_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new EncodedTable(Spec, ["a"], null, [1], [0]));
        Assert.Throws<ArgumentException>(() => new EncodedTable(Spec, ["a"], ["x", "y"], [1, 2], [0]));
        Assert.Throws<ArgumentException>(() => new Pairs([1], [1], []));
        Assert.Throws<ArgumentException>(() => new TestUsers([1], []));
        Assert.Throws<ArgumentException>(() => new TestUsers([1], [[2, 2]]));
    }

    [Fact]
    public void Spec_that_does_not_fit_the_table_is_a_damaged_input()
    {
        var output = harness.Output(FeatureArtifacts.Users);
        new EncodedTable(Spec, ["a"], null, [1, 2], [0]).Write(output);
        File.WriteAllText(output.File("features.json"), """{ "numeric": ["weight"], "categories": [] }""");

        var error = Assert.Throws<PipelineException>(() => EncodedTable.Read(harness.Add(output)));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains("no column 'weight'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_read_back_in_order()
    {
        var output = harness.Output(FeatureArtifacts.Train, 1);
        new Pairs([3, 1, 3], [0, 2, 0], [1, -1, 0]).Write(output);

        var pairs = Pairs.Read(harness.Add(output));

        Assert.Equal([3, 1, 3], pairs.Users);
        Assert.Equal([0, 2, 0], pairs.Items);
        Assert.Equal([1, -1, 0], pairs.Labels);
    }

    [Fact]
    public void Test_users_read_back_with_repeats_and_with_those_who_like_nothing()
    {
        var users = new EncodedTable(new FeatureSpec([], []), ["u0", "u1"], null, [], []);
        var items = new EncodedTable(new FeatureSpec([], []), ["i0", "i1", "i2"], null, [], []);
        var output = harness.Output(FeatureArtifacts.Test, 1);
        new TestUsers([1, 0, 1, 0], [[0, 2], [], [0, 2], []]).Write(output, users, items);

        var input = harness.Add(output);
        var test = TestUsers.Read(input);

        Assert.Equal([1, 0, 1, 0], test.Users);
        Assert.Equal<int[]>([[0, 2], [], [0, 2], []], test.Relevant);
        var rows = TableFiles.ReadAll(input, "user_id", "item_id");
        Assert.Equal(["u1", "u1", "u0", "u1", "u1", "u0"], Enumerable.Range(0, rows.Count).Select(rows.Strings("user_id").Text));
        Assert.Equal([false, false, true, false, false, true], Enumerable.Range(0, rows.Count).Select(rows.Strings("item_id").IsNull));
        Assert.Equal("i2", rows.Strings("item_id").Text(1));
    }

    [Fact]
    public void Test_users_keep_what_is_relevant_outside_the_catalogue()
    {
        var users = new EncodedTable(new FeatureSpec([], []), ["u0", "u1"], null, [], []);
        var items = new EncodedTable(new FeatureSpec([], []), ["i0"], null, [], []);
        var output = harness.Output(FeatureArtifacts.Test, 1);
        new TestUsers([1, 0], [[0], []], [0, 7]).Write(output, users, items);

        Assert.Equal([0, 7], TestUsers.Read(harness.Add(output)).Elsewhere);
    }

    [Fact]
    public void Encoded_table_knows_the_rows_without_features()
    {
        var output = harness.Output(FeatureArtifacts.Users);
        new EncodedTable(new FeatureSpec([], []), ["a", "b"], null, [], [], [true, false]).Write(output);

        Assert.Equal<bool>([true, false], EncodedTable.Read(harness.Add(output)).HasFeatures!);
    }
}
