using Parquet;
using Parquet.Schema;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;
using Library = Parquet.ParquetReader;

namespace Pipeline.Integrations;

/// <summary>Reads a flat table with Parquet.Net.</summary>
sealed class ParquetNetReader : ITableReader
{
    readonly string path;
    readonly Library library;
    readonly DataField[] fields;

    /// <exception cref="PipelineException">Missing, damaged, or a column that tables here do not have.</exception>
    public ParquetNetReader(string path)
    {
        this.path = path;
        library = Try(() => Library.CreateAsync(path).GetAwaiter().GetResult());
        try
        {
            Schema = Try(() => new TableSchema([.. library.Schema.Fields.Select(ParquetNetFields.ToColumn)]));
            fields = library.Schema.DataFields;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TableSchema Schema { get; }

    public long RowCount => library.RowGroups.Sum(group => group.RowCount);

    public int GroupCount => library.RowGroupCount;

    /// <summary>Reads a group into memory.</summary>
    /// <param name="columns">Which columns, in the order wanted; null for all.</param>
    public RowGroup Read(int group, IReadOnlyList<string>? columns = null)
    {
        var rows = new RowGroup(Select(columns));
        ReadInto(rows, group);
        return rows;
    }

    public void ReadInto(RowGroup rows, int group)
    {
        using var source = library.OpenRowGroupReader(group);
        foreach (var target in rows.Columns)
        {
            var index = Find(target.Column.Name);
            if (target.Column != Schema.Columns[index])
            {
                throw new PipelineException(ExitCode.InputMissing, $"{path}: found {Schema.Columns[index]}, expected {target.Column}.");
            }

            Try(() =>
            {
                ReadAsync(source, fields[index], target).GetAwaiter().GetResult();
                return true;
            });
        }
    }

    public TableSchema Select(IReadOnlyList<string>? columns) =>
        columns is null ? Schema : new TableSchema([.. columns.Select(name => Schema.Columns[Find(name)])]);

    public void Dispose() => library.DisposeAsync().AsTask().GetAwaiter().GetResult();

    static Task ReadAsync(ParquetRowGroupReader source, DataField field, ColumnBuffer target) => (target, target.Column.Type) switch
    {
        (ColumnBuffer<int> days, ColumnType.Date) => ReadAsync<DateTime>(source, field, target, date => days.Add(ParquetNetFields.FromDate(date))),
        (ColumnBuffer<long> micros, ColumnType.Timestamp) => ReadAsync<DateTime>(source, field, target, instant => micros.Add(ParquetNetFields.FromInstant(instant))),
        (ColumnBuffer<bool> values, _) => ReadAsync<bool>(source, field, target, values.Add),
        (ColumnBuffer<int> values, _) => ReadAsync<int>(source, field, target, values.Add),
        (ColumnBuffer<long> values, _) => ReadAsync<long>(source, field, target, values.Add),
        (ColumnBuffer<float> values, _) => ReadAsync<float>(source, field, target, values.Add),
        (ColumnBuffer<double> values, _) => ReadAsync<double>(source, field, target, values.Add),
        (StringBuffer texts, _) => ReadAsync<ReadOnlyMemory<char>>(source, field, target, text => texts.Add(text.ToString())),
        _ => throw new NotSupportedException($"column '{target.Column.Name}' has no values that Parquet.Net gives"),
    };

    static async Task ReadAsync<T>(ParquetRowGroupReader source, DataField field, ColumnBuffer target, Action<T> add)
        where T : struct
    {
        var rows = checked((int)source.RowCount);
        var values = new T[rows];
        var levels = new int[field.MaxDefinitionLevel > 0 ? rows : 0];
        Memory<int>? levelsOrNone = levels.Length > 0 ? levels : (Memory<int>?)null;
        await source.ReadRawAsync<T>(field, values, levelsOrNone, null);
        var next = 0;
        for (var row = 0; row < rows; row++)
        {
            if (levels.Length > 0 && levels[row] < field.MaxDefinitionLevel)
            {
                target.AddNull();
            }
            else
            {
                add(values[next++]);
            }
        }
    }

    /// <summary>The library has no one kind of error for damage: whatever it throws names the file here.</summary>
    T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path} is missing.", error);
        }
        catch (Exception error) when (error is not (PipelineException or OutOfMemoryException))
        {
            throw new PipelineException(ExitCode.InputMissing, $"{path}: Parquet.Net cannot read it: {error.Message}", error);
        }
    }

    int Find(string column)
    {
        var index = Schema.IndexOf(column);
        return index >= 0 ? index : throw new PipelineException(
            ExitCode.InputMissing, $"{path}: there is no column '{column}'. It has: {string.Join(", ", Schema.Columns.Select(known => known.Name))}.");
    }
}
