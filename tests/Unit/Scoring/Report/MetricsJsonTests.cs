using System.Text.Json;
using Pipeline.Scoring.Metrics;
using Pipeline.Scoring.Report;

namespace Pipeline.Unit.Scoring.Report;

public sealed class MetricsJsonTests
{
    [Fact]
    public void Rows_have_the_members_that_others_rely_on()
    {
        var json = Parse(SampleResults.Of());

        Assert.Equal("spotify", json.GetProperty("dataset").GetString());
        Assert.False(json.GetProperty("synthetic").GetBoolean());
        var rows = json.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(5 * AllMetrics.List.Count, rows.Count);
        Assert.Equal(["mamba", "transformer", "popularity", "random", "oracle"], rows.Select(row => row.GetProperty("list").GetString()).Distinct());
        Assert.Equal(["P", "R", "MRR", "HR", "NDCG", "MAP"], rows.Select(row => row.GetProperty("metric").GetString()).Distinct());
        Assert.All(rows, row =>
        {
            Assert.InRange(row.GetProperty("k").GetInt32(), 1, 12);
            Assert.InRange(row.GetProperty("value").GetDouble(), row.GetProperty("low").GetDouble(), row.GetProperty("high").GetDouble());
            // Two seeds of 60 test users, of whom every 20th likes nothing.
            Assert.Equal(114, row.GetProperty("users").GetInt32());
            Assert.Equal(2, row.GetProperty("seeds").GetInt32());
        });
    }

    [Fact]
    public void Rows_against_all_relevant_items_follow_those_against_the_catalogue()
    {
        Assert.All(Parse(SampleResults.Of()).GetProperty("rows").EnumerateArray(), row => Assert.Equal("catalogue", row.GetProperty("relevant").GetString()));

        var rows = Parse(SampleResults.Of(hasElsewhere: true)).GetProperty("rows").EnumerateArray().ToList();
        var half = 5 * AllMetrics.List.Count;
        Assert.Equal(2 * half, rows.Count);
        for (var i = 0; i < half; i++)
        {
            var (catalogue, all) = (rows[i], rows[half + i]);
            Assert.Equal(("catalogue", "all"), (catalogue.GetProperty("relevant").GetString(), all.GetProperty("relevant").GetString()));
            Assert.Equal((catalogue.GetProperty("list").GetString(), catalogue.GetProperty("k").GetInt32()), (all.GetProperty("list").GetString(), all.GetProperty("k").GetInt32()));
            // Two seeds; of 60 test users three like nothing in the catalogue, and user 0 nothing elsewhere either.
            Assert.Equal((114, 118), (catalogue.GetProperty("users").GetInt32(), all.GetProperty("users").GetInt32()));
            Assert.True(all.GetProperty("value").GetDouble() < catalogue.GetProperty("value").GetDouble());
            Assert.Equal(JsonValueKind.Null, all.GetProperty("printed").ValueKind);
        }
    }

    [Fact]
    public void Tests_have_a_pair_a_metric_a_difference_and_two_p()
    {
        var json = Parse(SampleResults.Of("hm"));
        var tests = json.GetProperty("tests").EnumerateArray().ToList();

        // Five pairs and, for H&M, MAP@12 beside the four metrics that all datasets have.
        Assert.Equal(5 * 5, tests.Count);
        Assert.Contains(tests, test => test.GetProperty("metric").GetString() == "MAP" && test.GetProperty("k").GetInt32() == 12);
        Assert.All(tests, test =>
        {
            Assert.InRange(test.GetProperty("value").GetDouble(), test.GetProperty("low").GetDouble(), test.GetProperty("high").GetDouble());
            Assert.InRange(test.GetProperty("pHolm").GetDouble(), test.GetProperty("p").GetDouble(), 1);
        });
        // Mamba hits with a chance of 0.9, the random list with 0.1: far beyond chance, so p is as small as it can be, times 25 tests at most.
        var clear = tests.Single(test => test.GetProperty("list").GetString() == "mamba" && test.GetProperty("minus").GetString() == "random"
            && test.GetProperty("metric").GetString() == "P" && test.GetProperty("k").GetInt32() == 10);
        Assert.Equal(0.0001, clear.GetProperty("p").GetDouble(), 15);
        Assert.InRange(clear.GetProperty("pHolm").GetDouble(), 0.0001, 0.0025);
    }

    [Fact]
    public void Groups_have_a_list_a_metric_and_for_towers_a_difference_to_the_strongest_baseline()
    {
        var json = Parse(SampleResults.Of());
        var groups = json.GetProperty("groups").EnumerateArray().ToList();

        Assert.False(json.GetProperty("sharesUsers").GetBoolean());
        Assert.Equal(0, json.GetProperty("usersByPopularity").GetInt32());
        Assert.Equal(
            ["likes 1-4", "likes 5-9", "likes 10-19", "likes 20+", "items head", "items tail"], groups.Select(group => $"{group.GetProperty("by").GetString()} {group.GetProperty("group").GetString()}").Distinct());
        foreach (var list in groups.Where(group => group.GetProperty("by").GetString() == "likes").GroupBy(group => group.GetProperty("list").GetString()))
        {
            // Two seeds of 57 users each weigh the same, so that the groups' means are the whole's.
            var mean = list.Sum(group => group.GetProperty("value").GetDouble() * group.GetProperty("users").GetInt32()) / 114;
            var whole = json.GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("list").GetString() == list.Key
                && row.GetProperty("metric").GetString() == "NDCG" && row.GetProperty("k").GetInt32() == 10);
            Assert.Equal(whole.GetProperty("value").GetDouble(), mean, 12);
        }

        Assert.All(groups, group => Assert.Equal(group.GetProperty("list").GetString() is "mamba" or "transformer", group.TryGetProperty("difference", out _)));
        Assert.All(groups.Where(group => group.TryGetProperty("minus", out _)), group => Assert.Equal("popularity", group.GetProperty("minus").GetString()));
    }

    [Theory]
    [InlineData("0.1 % sample")]
    [InlineData(null)]
    public void A_label_is_there_or_null(string? label) =>
        Assert.Equal(label, Parse(SampleResults.Of() with { Label = label }).GetProperty("label").GetString());

    [Fact]
    public void Generated_data_is_marked() => Assert.True(Parse(SampleResults.Of(isSynthetic: true)).GetProperty("synthetic").GetBoolean());

    [Fact]
    public void A_printed_value_stands_beside_ours_and_is_null_where_there_is_none()
    {
        var rows = Parse(SampleResults.Of()).GetProperty("rows").EnumerateArray().ToList();

        // Table I: Spotify, Mamba, P@5.
        Assert.Equal(0.952, Find("mamba", "P", 5).GetProperty("printed").GetDouble());
        Assert.Equal(JsonValueKind.Null, Find("mamba", "P", 1).GetProperty("printed").ValueKind);
        Assert.Equal(JsonValueKind.Null, Find("popularity", "P", 5).GetProperty("printed").ValueKind);

        JsonElement Find(string list, string metric, int k) => rows.Single(row =>
            row.GetProperty("list").GetString() == list && row.GetProperty("metric").GetString() == metric && row.GetProperty("k").GetInt32() == k);
    }

    [Fact]
    public void The_same_results_give_the_same_bytes() => Assert.Equal(MetricsJson.Write(SampleResults.Of()), MetricsJson.Write(SampleResults.Of()));

    static JsonElement Parse(Results results) => JsonDocument.Parse(MetricsJson.Write(results)).RootElement;
}
