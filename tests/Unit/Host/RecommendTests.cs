using System.Text.Json.Nodes;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public sealed class RecommendTests : IDisposable
{
    static readonly Artifact Lists = new("lists", "4-topk/mamba");

    static readonly TableSchema Schema = new(
        new Column("user_id", ColumnType.String), new Column("rank", ColumnType.Int32), new Column("item_id", ColumnType.String), new Column("score", ColumnType.Float),
        new Column("source", ColumnType.String));

    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void A_list_is_printed_by_rank()
    {
        Publish();

        var result = cli.Run("recommend", "--user", "jazz+pop", "--k", "2");

        Assert.Equal(ExitCode.Ok, result.Code);
        Assert.Equal("rank  item  name   score  source\n   1  s2          0.9000  model\n   2  s1          0.8000  model\n", result.Out);
    }

    [Fact]
    public void Under_json_the_generation_is_named()
    {
        Publish();

        var json = cli.Run("recommend", "--user", "rock", "--json").Json;

        Assert.Equal(["s3", "s1"], json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item").GetString()));
        Assert.Equal("popularity", json.GetProperty("source").GetString());
        Assert.EndsWith(new string('a', 16), json.GetProperty("generation").GetString());
    }

    [Fact]
    public void An_unknown_user_exits_6_and_says_how_an_id_is_formed()
    {
        Publish();

        var result = cli.Run("recommend", "--user", "jaz+pop");

        Assert.Equal(ExitCode.InputMissing, result.Code);
        Assert.Contains("has no user 'jaz+pop'. An id is a word. Nearest: jazz+pop, rock.", result.Error);
    }

    [Fact]
    public void An_unknown_list_names_the_published_ones()
    {
        Publish();

        Assert.Contains("spotify has no published list 'mambo'. Published: mamba.", cli.Run("recommend", "--user", "rock", "--list", "mambo").Error);
    }

    [Fact]
    public void Before_the_first_run_it_says_what_to_do()
    {
        var result = cli.Run("recommend", "--user", "rock");

        Assert.Equal(ExitCode.InputMissing, result.Code);
        Assert.Contains("Make them: pipeline run spotify", result.Error);
    }

    /// <summary>Two parts; the ranks of the first user are out of order on disk.</summary>
    void Publish()
    {
        var root = new DataRoot(cli.File("data"));
        var fingerprint = new string('a', 64);
        var folder = root.Generation("spotify", Lists, fingerprint);
        Directory.CreateDirectory(folder);
        Write(Path.Combine(folder, "part-00000.parquet"), ("jazz+pop", 2, "s1", 0.8f), ("jazz+pop", 1, "s2", 0.9f), ("jazz+pop", 3, "s3", 0.7f));
        Write(Path.Combine(folder, "part-00001.parquet"), ("rock", 1, "s3", 0.6f), ("rock", 2, "s1", 0.5f));
        ManifestFile.Write(folder, new Manifest
        {
            Artifact = Lists.Folder,
            Fingerprint = fingerprint,
            Stage = "spotify/export/mamba",
            StageVersion = 1,
            Synthetic = true,
            Rows = 5,
            Bytes = 0,
            Parts = [new ManifestPart("part-00000.parquet", 0, "", 3), new ManifestPart("part-00001.parquet", 0, "", 2)],
            Options = new JsonObject(),
            Parents = [],
            Facts = [],
            ToolVersion = "test",
            Simd = "test",
        });
        root.Point("spotify", Lists, fingerprint);
    }

    static void Write(string path, params (string User, int Rank, string Item, float Score)[] rows)
    {
        var group = new RowGroup(Schema);
        foreach (var (user, rank, item, score) in rows)
        {
            group.Strings("user_id").Add(user);
            group.Values<int>("rank").Add(rank);
            group.Strings("item_id").Add(item);
            group.Values<float>("score").Add(score);
            group.Strings("source").Add(user == "rock" ? "popularity" : "model");
        }

        using var writer = new ParquetWriter(path, Schema);
        writer.Write(group);
        writer.Finish();
    }
}
