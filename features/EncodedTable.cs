using System.Text.Json;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features;

/// <summary>Users or items as numbers: the rows that a tower embeds. Small enough to be held in memory.</summary>
/// <remarks>
/// On disk: `id` string, optional `name` string, optional `has_features` bool, a float column per numeric feature, an int32 column per
/// category, and features.json beside them.
/// </remarks>
public sealed class EncodedTable
{
    const string Id = "id";
    const string Name = "name";
    const string Featured = "has_features";
    const string SpecFile = "features.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    /// <exception cref="ArgumentException">The lengths do not agree, a value is not finite, or a category is out of its range.</exception>
    public EncodedTable(FeatureSpec spec, IReadOnlyList<string> ids, IReadOnlyList<string>? names, float[] numeric, int[] categories, bool[]? hasFeatures = null)
    {
        (Spec, Ids, Names, Numeric, Categories, HasFeatures) = (spec, TextColumn.Of(ids), names, numeric, categories, hasFeatures);
        if ((names ?? ids).Count != Count || (hasFeatures?.Length ?? Count) != Count || numeric.Length != Count * spec.Numeric.Count || categories.Length != Count * spec.Categories.Count)
        {
            throw new ArgumentException(
                $"{Count} ids, {names?.Count ?? Count} names, {numeric.Length} numbers and {categories.Length} categories do not make rows of "
                + $"{spec.Numeric.Count} numeric and {spec.Categories.Count} categorical features.");
        }

        if (Array.FindIndex(numeric, number => !float.IsFinite(number)) is var wrong and >= 0)
        {
            throw new ArgumentException($"Row {wrong / spec.Numeric.Count}: {spec.Numeric[wrong % spec.Numeric.Count]} is {numeric[wrong]}, which is not finite.");
        }

        for (var i = 0; i < categories.Length; i++)
        {
            var feature = spec.Categories[i % spec.Categories.Count];
            if ((uint)categories[i] >= feature.Cardinality)
            {
                throw new ArgumentException($"Row {i / spec.Categories.Count}: {feature.Name} is {categories[i]}; it must be 0 to {feature.Cardinality - 1}.");
            }
        }
    }

    public FeatureSpec Spec { get; }

    /// <summary>Rows.</summary>
    public int Count => Ids.Count;

    public TextColumn Ids { get; }

    /// <summary>What people call a row; null where it has no other name than its id.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>[Count, J] row-major, J the number of numeric features.</summary>
    public float[] Numeric { get; }

    /// <summary>[Count, Q] row-major, Q the number of categorical features; 0 .. cardinality - 1.</summary>
    public int[] Categories { get; }

    /// <summary>False for a row of which nothing is known, so that a model has nothing to go by; null where every row has features.</summary>
    public bool[]? HasFeatures { get; }

    /// <exception cref="PipelineException">The folder holds no such table, or features.json and the table disagree.</exception>
    public static EncodedTable Read(InputFolder input)
    {
        try
        {
            var spec = JsonSerializer.Deserialize<FeatureSpec>(Files.ReadAllBytes(input.File(SpecFile)), Json)
                ?? throw new JsonException("It holds nothing.");
            var rows = TableFiles.ReadAll(input);
            return new EncodedTable(
                spec,
                new TextColumn(rows.Strings(Id)),
                rows.Schema.IndexOf(Name) >= 0 ? [.. new TextColumn(rows.Strings(Name))] : null,
                Interleave(rows.Count, [.. spec.Numeric.Select(rows.Values<float>)]),
                Interleave(rows.Count, [.. spec.Categories.Select(feature => rows.Values<int>(feature.Name))]),
                rows.Schema.IndexOf(Featured) >= 0 ? [.. rows.Values<bool>(Featured).Values] : null);
        }
        catch (Exception cause) when (cause is IOException or JsonException or ArgumentException or InvalidCastException)
        {
            throw new PipelineException(
                ExitCode.InputMissing,
                $"{input.Path} does not hold an encoded table: {cause.Message} `pipeline verify` finds damaged files.",
                cause);
        }
    }

    public void Write(OutputFolder output)
    {
        Files.WriteAllText(output.File(SpecFile), JsonSerializer.Serialize(Spec, Json) + "\n");
        List<Column> columns = [new(Id, ColumnType.String)];
        if (Names is not null)
        {
            columns.Add(new Column(Name, ColumnType.String));
        }

        if (HasFeatures is not null)
        {
            columns.Add(new Column(Featured, ColumnType.Bool));
        }

        columns.AddRange(Spec.Numeric.Select(name => new Column(name, ColumnType.Float)));
        columns.AddRange(Spec.Categories.Select(feature => new Column(feature.Name, ColumnType.Int32)));
        using var writer = new TableWriter(output, new TableSchema(columns));
        for (var row = 0; row < Count; row++)
        {
            WriteRow(writer, row);
        }

        writer.Finish();
    }

    void WriteRow(TableWriter writer, int row)
    {
        writer.Rows.Strings(Id).Add(Ids.Utf8(row));
        if (Names is not null)
        {
            writer.Rows.Strings(Name).Add(Names[row]);
        }

        if (HasFeatures is not null)
        {
            writer.Rows.Values<bool>(Featured).Add(HasFeatures[row]);
        }

        for (var j = 0; j < Spec.Numeric.Count; j++)
        {
            writer.Rows.Values<float>(Spec.Numeric[j]).Add(Numeric[(row * Spec.Numeric.Count) + j]);
        }

        for (var q = 0; q < Spec.Categories.Count; q++)
        {
            writer.Rows.Values<int>(Spec.Categories[q].Name).Add(Categories[(row * Spec.Categories.Count) + q]);
        }

        writer.EndRow();
    }

    static T[] Interleave<T>(int rows, ColumnBuffer<T>[] columns)
        where T : unmanaged
    {
        var values = new T[rows * columns.Length];
        for (var c = 0; c < columns.Length; c++)
        {
            for (var row = 0; row < rows; row++)
            {
                values[(row * columns.Length) + c] = columns[c][row];
            }
        }

        return values;
    }
}
