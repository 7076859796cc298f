using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet;

/// <summary>Who reads and writes the Parquet files of tables. The seam for other libraries than our own: files of one are read by the other.</summary>
public interface ITableFormat
{
    /// <summary>As an operator names it: "own".</summary>
    string Name { get; }

    /// <exception cref="Stages.PipelineException">Missing, damaged, or a column that tables here do not have.</exception>
    ITableReader Open(string path);

    /// <param name="path">Overwritten if it is there.</param>
    /// <param name="schema">At least one column.</param>
    ITableWriter Create(string path, TableSchema schema, ParquetOptions? options = null);
}

/// <summary>Reads a flat table, group by group.</summary>
public interface ITableReader : IDisposable
{
    TableSchema Schema { get; }

    long RowCount { get; }

    int GroupCount { get; }

    /// <summary>Adds the rows of a group to rows in memory, whose columns say what is read.</summary>
    void ReadInto(RowGroup rows, int group);

    /// <summary>The schema of some columns.</summary>
    /// <param name="columns">In the order wanted; null for all.</param>
    TableSchema Select(IReadOnlyList<string>? columns);
}

/// <summary>Writes a table, group by group. A file without <see cref="Finish"/> cannot be read.</summary>
public interface ITableWriter : IDisposable
{
    /// <summary>Rows written so far.</summary>
    long RowCount { get; }

    /// <summary>Writes rows as one group, or as several if there are more than the options allow. No rows write nothing.</summary>
    /// <param name="rows">Columns as in the schema of this file.</param>
    void Write(RowGroup rows);

    /// <summary>Writes the footer, which makes the file complete.</summary>
    void Finish();
}
