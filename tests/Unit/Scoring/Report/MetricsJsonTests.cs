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
