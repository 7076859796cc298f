using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Clusters;

/// <summary>The cluster of every row of a table, on disk as one column `cluster` int32.</summary>
public static class ClusterNumbers
{
    static readonly TableSchema Schema = new(new Column("cluster", ColumnType.Int32));

    public static int[] Read(InputFolder input) => [.. TableFiles.ReadAll(input).Values<int>("cluster").Values];

    public static void Write(OutputFolder output, int[] clusterOf)
    {
        using var writer = new TableWriter(output, Schema);
        foreach (var cluster in clusterOf)
        {
            writer.Rows.Values<int>("cluster").Add(cluster);
            writer.EndRow();
        }

        writer.Finish();
    }
}
