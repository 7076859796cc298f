using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Models;

/// <summary>The top lists of some test users at one moment of training.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="TestUsers">Positions among the test users.</param>
/// <param name="Items">Per user: rows of the items, best first.</param>
/// <param name="Scores">As Items.</param>
/// <param name="Loss">Mean training loss since the probe before; NaN before the first step.</param>
public sealed record ProbeStep(int Step, int[] TestUsers, int[][] Items, float[][] Scores, float Loss);

/// <summary>What a model's lists were at moments of its training; from it the report draws the curves.</summary>
public static class Probe
{
    static readonly TableSchema Schema = new(
        new Column("step", ColumnType.Int32), new Column("loss", ColumnType.Float), new Column("test_user", ColumnType.Int32),
        new Column("rank", ColumnType.Int32), new Column("item", ColumnType.Int32), new Column("score", ColumnType.Float));

    const string FileName = "probe.parquet";

    public static void Write(OutputFolder output, IReadOnlyList<ProbeStep> steps)
    {
        var rows = new RowGroup(Schema);
        foreach (var step in steps)
        {
            for (var user = 0; user < step.TestUsers.Length; user++)
            {
                for (var rank = 0; rank < step.Items[user].Length; rank++)
                {
                    rows.Values<int>("step").Add(step.Step);
                    rows.Values<float>("loss").Add(step.Loss);
                    rows.Values<int>("test_user").Add(step.TestUsers[user]);
                    rows.Values<int>("rank").Add(rank + 1);
                    rows.Values<int>("item").Add(step.Items[user][rank]);
                    rows.Values<float>("score").Add(step.Scores[user][rank]);
                }
            }
        }

        using var writer = new Ingest.Parquet.ParquetWriter(output.File(FileName), Schema);
        writer.Write(rows);
        writer.Finish();
    }

    public static IReadOnlyList<ProbeStep> Read(InputFolder model)
    {
        using var reader = new Ingest.Parquet.ParquetReader(model.File(FileName));
        var rows = new List<(int Step, float Loss, int User, int Item, float Score)>();
        for (var group = 0; group < reader.GroupCount; group++)
        {
            var read = reader.Read(group);
            for (var i = 0; i < read.Count; i++)
            {
                rows.Add((
                    read.Values<int>("step")[i], read.Values<float>("loss")[i], read.Values<int>("test_user")[i], read.Values<int>("item")[i],
                    read.Values<float>("score")[i]));
            }
        }

        // GroupBy keeps the order of the file, which is by step, user and rank.
        return
        [
            .. rows.GroupBy(row => row.Step).Select(step =>
            {
                var users = step.GroupBy(row => row.User).ToList();
                return new ProbeStep(
                    step.Key, [.. users.Select(user => user.Key)], [.. users.Select(user => user.Select(row => row.Item).ToArray())],
                    [.. users.Select(user => user.Select(row => row.Score).ToArray())], step.First().Loss);
            }),
        ];
    }
}
