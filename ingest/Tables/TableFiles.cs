using Pipeline.Ingest.Parquet;
using Pipeline.Stages;

namespace Pipeline.Ingest.Tables;

/// <summary>Tables as artifacts: Parquet parts `part-00000.parquet`, `part-00001.parquet`, ... in the folder of a generation.</summary>
public static class TableFiles
{
    internal const string FirstPart = "part-00000.parquet";

    /// <summary>Writes a table as one part and says what the artifact holds. Each group is written before the next is asked for.</summary>
    public static void Write(OutputFolder output, TableSchema schema, IEnumerable<RowGroup> groups)
    {
        using var writer = TableFormat.Current.Create(output.File(FirstPart), schema);
        foreach (var group in groups)
        {
            writer.Write(group);
        }

        writer.Finish();
        output.AddTable(FirstPart, schema.ToManifest(), writer.RowCount);
    }

    /// <summary>
    /// Reads a table group by group, part by part, in the order it was written in. The groups of a part share their memory: each holds until the next is asked for.
    /// </summary>
    /// <param name="columns">Which columns, in the order wanted; none for all.</param>
    /// <exception cref="PipelineException">A part is missing or damaged, or has not the rows that the manifest says.</exception>
    public static IEnumerable<RowGroup> Read(InputFolder input, params IReadOnlyList<string> columns)
    {
        foreach (var part in Parts(input))
        {
            using var reader = Open(input, part);
            var rows = new RowGroup(reader.Select(columns.Count == 0 ? null : columns));
            for (var group = 0; group < reader.GroupCount; group++)
            {
                rows.Clear();
                reader.ReadInto(rows, group);
                yield return rows;
            }
        }
    }

    /// <summary>Reads a small table as a whole.</summary>
    /// <param name="columns">Which columns, in the order wanted; none for all.</param>
    /// <exception cref="PipelineException">A part is missing or damaged, or has not the rows that the manifest says.</exception>
    public static RowGroup ReadAll(InputFolder input, params IReadOnlyList<string> columns)
    {
        RowGroup? all = null;
        foreach (var part in Parts(input))
        {
            using var reader = Open(input, part);
            all ??= new RowGroup(reader.Select(columns.Count == 0 ? null : columns));
            Reserve(all, input.Manifest.Parts.FirstOrDefault(known => known.Path == part));
            for (var group = 0; group < reader.GroupCount; group++)
            {
                reader.ReadInto(all, group);
            }
        }

        return all!;
    }

    /// <summary>Trusts the manifest, which carries its own digest: the numbers in a file's footer are anybody's.</summary>
    static void Reserve(RowGroup rows, ManifestPart? part)
    {
        if (part?.Rows is not { } count)
        {
            return;
        }

        // Text that hardly compresses, such as ids, takes about the part's size; other text grows the buffer as it comes.
        var texts = Math.Max(1, rows.Columns.Count(column => column is StringBuffer));
        foreach (var column in rows.Columns)
        {
            column.Reserve((int)Math.Min(count, int.MaxValue), (int)Math.Min(part.Bytes / texts, int.MaxValue));
        }
    }

    static List<string> Parts(InputFolder input)
    {
        var parts = Directory.Exists(input.Path)
            ? Directory.EnumerateFiles(input.Path, "part-*.parquet").Select(Path.GetFileName).OfType<string>().ToList()
            : [];
        parts.AddRange(input.Manifest.Parts.Select(part => part.Path).Where(IsPart).Except(parts));
        parts.Sort(StringComparer.Ordinal);
        return parts.Count > 0
            ? parts
            : throw new PipelineException(
                ExitCode.InputMissing, $"{input.Path} holds no table: there is no part-*.parquet. Run the stage of '{input.Artifact.Title}' again.");
    }

    static bool IsPart(string path) => path.StartsWith("part-", StringComparison.Ordinal) && path.EndsWith(".parquet", StringComparison.Ordinal);

    static ITableReader Open(InputFolder input, string part)
    {
        var reader = TableFormat.Current.Open(input.File(part));
        var expected = input.Manifest.Parts.FirstOrDefault(known => known.Path == part)?.Rows;
        if (expected is not { } rows || rows == reader.RowCount)
        {
            return reader;
        }

        reader.Dispose();
        throw new PipelineException(
            ExitCode.InputMissing,
            $"{input.File(part)} has {reader.RowCount} rows, but its manifest says {rows}. Run the stage of '{input.Artifact.Title}' again.");
    }
}
