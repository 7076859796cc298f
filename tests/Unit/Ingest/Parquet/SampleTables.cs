using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest.Parquet;

/// <summary>Which rows of an optional column are null.</summary>
public enum Nulls
{
    /// <summary>The column is required.</summary>
    Required,
    None,
    All,
    Alternating,
    Runs,
    First,
    Last,
}

/// <summary>Generated tables: a column for every type and null pattern, with the values that tend to go wrong.</summary>
static class SampleTables
{
    static readonly float[] OddFloats = [0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, float.MaxValue, float.MinValue];
    static readonly string[] OddTexts = ["", "é", "日本", "a\0b", "\"quoted\"\n", "👍🏽", new('x', 300), "zz"];

    /// <summary>Every type with every null pattern: columns such as "string_alternating".</summary>
    public static TableSchema Schema { get; } = new([.. Enum.GetValues<ColumnType>().SelectMany(type => Enum.GetValues<Nulls>()
        .Select(nulls => new Column($"{type}_{nulls}".ToLowerInvariant(), type, nulls != Nulls.Required)))]);

    /// <param name="distinct">How many different values a column has at most; few make a dictionary pay.</param>
    public static RowGroup Make(TableSchema schema, int rows, int distinct, int seed = 7)
    {
        var group = new RowGroup(schema);
        foreach (var buffer in group.Columns)
        {
            var nulls = Enum.Parse<Nulls>(buffer.Column.Name.Split('_')[^1], ignoreCase: true);
            var random = new RandomStream(seed, buffer.Column.Name);
            for (var row = 0; row < rows; row++)
            {
                if (IsNull(nulls, row, rows))
                {
                    buffer.AddNull();
                }
                else
                {
                    Add(buffer, random.NextInt(distinct), random);
                }
            }
        }

        return group;
    }

    public static bool IsNull(Nulls nulls, int row, int rows) => nulls switch
    {
        Nulls.All => true,
        Nulls.Alternating => row % 2 == 1,
        Nulls.Runs => row / 20 % 2 == 1,
        Nulls.First => row == 0,
        Nulls.Last => row == rows - 1,
        _ => false,
    };

    /// <summary>Equal to the bit: NaN equals NaN, and -0 differs from +0.</summary>
    public static void AssertEqual(RowGroup expected, RowGroup actual)
    {
        Assert.Equal(expected.Schema.Columns, actual.Schema.Columns);
        foreach (var (left, right) in expected.Columns.Zip(actual.Columns))
        {
            Assert.Equal(left.Count, right.Count);
            Assert.Equal(left.NullCount, right.NullCount);
            for (var row = 0; row < left.Count; row++)
            {
                if (Show(left, row) is var wanted && wanted != Show(right, row))
                {
                    Assert.Fail($"{left.Column.Name}[{row}]: expected {wanted}, found {Show(right, row)}");
                }
            }
        }
    }

    /// <summary>A value as exact text; "null" for a null.</summary>
    public static string Show(ColumnBuffer buffer, int row) => buffer.IsNull(row) ? "null" : buffer switch
    {
        ColumnBuffer<bool> bools => bools[row] ? "true" : "false",
        ColumnBuffer<int> ints => $"{ints[row]}",
        ColumnBuffer<long> longs => $"{longs[row]}",
        ColumnBuffer<float> floats => $"{BitConverter.SingleToUInt32Bits(floats[row]):x8}",
        ColumnBuffer<double> doubles => $"{BitConverter.DoubleToUInt64Bits(doubles[row]):x16}",
        StringBuffer texts => $"'{texts.Text(row)}'",
        _ => throw new ArgumentException("Unknown buffer."),
    };

    /// <summary>A value as the oracle writes it: null, or text in which any NaN is "NaN".</summary>
    public static string? Cell(ColumnBuffer buffer, int row) => buffer.IsNull(row) ? null : buffer switch
    {
        ColumnBuffer<float> floats when float.IsNaN(floats[row]) => "NaN",
        ColumnBuffer<double> doubles when double.IsNaN(doubles[row]) => "NaN",
        StringBuffer texts => texts.Text(row),
        _ => Show(buffer, row),
    };

    static void Add(ColumnBuffer buffer, int pick, RandomStream random)
    {
        // The first picks are the odd values, the others are spread over the whole range of the type.
        var spread = new RandomStream(pick, "spread");
        switch (buffer)
        {
            case ColumnBuffer<bool> bools:
                bools.Add(random.NextInt(3) == 0);
                break;
            case ColumnBuffer<int> ints:
                ints.Add(buffer.Column.Type == ColumnType.Date ? spread.NextInt(40_000) - 10_000 : pick switch { 0 => int.MinValue, 1 => int.MaxValue, _ => (int)spread.NextUInt32() });
                break;
            case ColumnBuffer<long> longs:
                longs.Add(buffer.Column.Type == ColumnType.Timestamp ? (long)(spread.NextDouble() * 4e15) - 1_000_000_000_000_000
                    : pick switch { 0 => long.MinValue, 1 => long.MaxValue, _ => (long)spread.NextUInt64() });
                break;
            case ColumnBuffer<float> floats:
                floats.Add(pick < OddFloats.Length ? OddFloats[pick] : spread.NextFloat() * 200 - 100);
                break;
            case ColumnBuffer<double> doubles:
                doubles.Add(pick < OddFloats.Length ? OddFloats[pick] : spread.NextDouble() * 200 - 100);
                break;
            case StringBuffer texts:
                texts.Add(pick < OddTexts.Length ? OddTexts[pick] : $"{pick % 3}-{pick:x8}-{spread.NextUInt32()}");
                break;
        }
    }
}
