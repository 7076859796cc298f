using System.Text.Json.Nodes;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;
using Pipeline.Unit.Stages;

namespace Pipeline.Unit.Host;

public sealed class RecommendTests : IDisposable
{
    static readonly Artifact Lists = new("lists", "4-topk/mamba");

    static readonly TableSchema Schema = new(
        new Column("user_id", ColumnType.String), new Column("rank", ColumnType.Int32), new Column("item_id", ColumnType.String), new Column("score", ColumnType.Float),
        new Column("source", ColumnType.String));

    static readonly string Fingerprint = new('a', 64);

    readonly CliFixture cli = new();

    DataRoot Root => new(cli.File("data"));

    string Folder => Root.Generation("spotify", Lists, Fingerprint);

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
    public void Groups_whose_statistics_exclude_the_user_are_not_read()
    {
        Publish();
        // The values of the first part, which holds jazz+pop alone, are damaged; its footer is not.
        using (var part = new FileStream(Path.Combine(Folder, "part-00000.parquet"), FileMode.Open, FileAccess.ReadWrite))
        {
            part.Position = 4;
            part.Write(new byte[64]);
        }

        Assert.Equal(ExitCode.Ok, cli.Run("recommend", "--user", "rock").Code);
        var damaged = cli.Run("recommend", "--user", "jazz+pop");
        Assert.Equal(ExitCode.InputMissing, damaged.Code);
        Assert.Contains("part-00000.parquet", damaged.Error);
    }

    [Fact]
    public void A_list_that_crosses_groups_is_found_as_a_whole()
    {
        Publish();
        Write(Path.Combine(Folder, "part-00000.parquet"), rowsPerGroup: 2, ("jazz+pop", 1, "s2", 0.9f), ("jazz+pop", 2, "s1", 0.8f), ("jazz+pop", 3, "s3", 0.7f));

        var json = cli.Run("recommend", "--user", "jazz+pop", "--json").Json;

        Assert.Equal(["s2", "s1", "s3"], json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item").GetString()));
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
        var folder = Folder;
        Directory.CreateDirectory(folder);
        Write(Path.Combine(folder, "part-00000.parquet"), 100, ("jazz+pop", 2, "s1", 0.8f), ("jazz+pop", 1, "s2", 0.9f), ("jazz+pop", 3, "s3", 0.7f));
        Write(Path.Combine(folder, "part-00001.parquet"), 100, ("rock", 1, "s3", 0.6f), ("rock", 2, "s1", 0.5f));
        ManifestFile.Write(folder, new Manifest
        {
            Artifact = Lists.Folder,
            Fingerprint = Fingerprint,
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
        Root.Point("spotify", Lists, Fingerprint);
    }

    static void Write(string path, int rowsPerGroup, params (string User, int Rank, string Item, float Score)[] rows)
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

        using var writer = new ParquetWriter(path, Schema, new ParquetOptions { RowsPerGroup = rowsPerGroup });
        writer.Write(group);
        writer.Finish();
    }
}
