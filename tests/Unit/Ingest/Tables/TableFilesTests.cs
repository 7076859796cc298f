using System.Text.Json.Nodes;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest.Tables;

public sealed class TableFilesTests : IDisposable
{
    static readonly Artifact Songs = new("songs", "1-tables/songs");
    static readonly TableSchema Schema = new(new Column("id", ColumnType.String), new Column("plays", ColumnType.Int32, IsOptional: true));

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_written_one_by_one_are_read_as_a_whole_and_in_groups()
    {
        var output = Write(rows: 10, rowsPerGroup: 4);

        // Groups of 4, 4 and 2.
        Assert.Equal([4, 4, 2], TableFiles.Read(Input(output)).Select(group => group.Count));
        var all = TableFiles.ReadAll(Input(output));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"song {i}"), Enumerable.Range(0, 10).Select(all.Strings("id").Text));
        Assert.True(all.Columns[1].IsNull(3));
        Assert.Equal(9, all.Values<int>("plays")[9]);
    }

    [Fact]
    public void The_output_says_what_it_holds()
    {
        var output = Write(rows: 10, rowsPerGroup: 4);

        Assert.Equal([new SchemaColumn("id", "string", false), new SchemaColumn("plays", "int32", true)], output.Schema);
        Assert.Equal([new("part-00000.parquet", 10)], output.RowsOfPart);
    }

    [Fact]
    public void Groups_are_written_and_chosen_columns_read()
    {
        var output = Output();
        var rows = new RowGroup(Schema);
        rows.Strings("id").Add("song");
        rows.Values<int>("plays").Add(3);

        TableFiles.Write(output, Schema, [rows, rows]);

        var read = TableFiles.ReadAll(Input(output), "plays");
        Assert.Equal(["plays"], read.Schema.Columns.Select(column => column.Name));
        Assert.Equal([3, 3], read.Values<int>("plays").Values.ToArray());
        Assert.Equal(2, output.RowsOfPart["part-00000.parquet"]);
    }

    [Fact]
    public void An_empty_table_has_a_schema()
    {
        var output = Write(rows: 0, rowsPerGroup: 4);

        Assert.Equal((0, 2), (TableFiles.ReadAll(Input(output)).Count, TableFiles.ReadAll(Input(output)).Schema.Count));
    }

    [Fact]
    public void Parts_are_read_in_order()
    {
        var output = Write(rows: 2, rowsPerGroup: 4);
        File.Move(folder.File("part-00000.parquet"), folder.File("part-00001.parquet"));
        Write(rows: 3, rowsPerGroup: 4);

        Assert.Equal([3, 2], TableFiles.Read(Input(output)).Select(group => group.Count));
        Assert.Equal(5, TableFiles.ReadAll(Input(output)).Count);
    }

    [Fact]
    public void A_column_that_is_not_there_is_told_with_those_that_are()
    {
        var output = Write(rows: 1, rowsPerGroup: 4);

        var error = Assert.Throws<PipelineException>(() => TableFiles.ReadAll(Input(output), "title"));
        Assert.EndsWith("there is no column 'title'. It has: id, plays.", error.Message);
    }

    [Fact]
    public void A_part_that_the_manifest_names_must_be_there()
    {
        var output = Write(rows: 1, rowsPerGroup: 4);
        var input = Input(output, new ManifestPart("part-00001.parquet", 1, "", 1));

        Assert.EndsWith("part-00001.parquet is missing.", Assert.Throws<PipelineException>(() => TableFiles.ReadAll(input)).Message);
    }

    [Fact]
    public void A_part_must_have_the_rows_that_the_manifest_says()
    {
        var output = Write(rows: 1, rowsPerGroup: 4);
        var input = Input(output, new ManifestPart("part-00000.parquet", 1, "", 2));

        Assert.Contains("has 1 rows, but its manifest says 2", Assert.Throws<PipelineException>(() => TableFiles.ReadAll(input)).Message);
    }

    [Fact]
    public void A_folder_without_parts_is_told() =>
        Assert.Contains("holds no table", Assert.Throws<PipelineException>(() => TableFiles.ReadAll(Input(Output()))).Message);

    [Fact]
    public void A_part_of_another_schema_is_told()
    {
        var output = Write(rows: 1, rowsPerGroup: 4);
        using (var writer = new ParquetWriter(folder.File("part-00001.parquet"), new TableSchema(new Column("id", ColumnType.Int64), new Column("plays", ColumnType.Int32))))
        {
            var rows = new RowGroup(new TableSchema(new Column("id", ColumnType.Int64), new Column("plays", ColumnType.Int32)));
            rows.Values<long>("id").Add(1);
            rows.Values<int>("plays").Add(1);
            writer.Write(rows);
            writer.Finish();
        }

        Assert.Contains("part-00001.parquet: found", Assert.Throws<PipelineException>(() => TableFiles.ReadAll(Input(output))).Message);
    }

    OutputFolder Output() => new(Songs, null, folder.Path);

    OutputFolder Write(int rows, int rowsPerGroup)
    {
        var output = Output();
        using var writer = new TableWriter(output, Schema, rowsPerGroup);
        for (var i = 0; i < rows; i++)
        {
            writer.Rows.Strings("id").Add($"song {i}");
            if (i == 3)
            {
                writer.Rows.Columns[1].AddNull();
            }
            else
            {
                writer.Rows.Values<int>("plays").Add(i);
            }

            writer.EndRow();
        }

        writer.Finish();
        return output;
    }

    InputFolder Input(OutputFolder output, params ManifestPart[] parts) => new(Songs, null, output.Path, new Manifest
    {
        Artifact = Songs.Folder,
        Fingerprint = "",
        Stage = "test/ingest",
        StageVersion = 1,
        Synthetic = true,
        Bytes = 0,
        Parts = parts,
        Options = new JsonObject(),
        Parents = [],
        Facts = [],
        ToolVersion = "",
        Simd = "",
    });
}
