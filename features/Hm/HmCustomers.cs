using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Hm;

/// <summary>Customers by number: those of the table in its order, then those who only occur in purchases. About 150 bytes each, and no object.</summary>
sealed class HmCustomers
{
    /// <summary>Of an age or category that the table leaves empty, and of all of them where a customer has no row.</summary>
    const int Empty = 0;

    static readonly string[] Flags = ["FN", "Active"];
    static readonly string[] Texts = ["club_member_status", "fashion_news_frequency"];
    static readonly Column Text = new("text", ColumnType.String);

    readonly TextDictionary ids = new(Text);

    /// <summary>The values of each category in the order of their first occurrence; the first is the empty one.</summary>
    readonly TextDictionary[] values = [.. Flags.Concat(Texts).Select(name => new TextDictionary(new Column(name, ColumnType.String)))];

    /// <summary>[Known, categories]: positions in <see cref="values"/>.</summary>
    readonly ColumnBuffer<int> codes = new(new("codes", ColumnType.Int32));

    /// <summary>Years by customer; <see cref="Empty"/> where it is missing.</summary>
    readonly ColumnBuffer<int> ages = new(new("age", ColumnType.Int32));

    /// <param name="table">1-tables/customers.</param>
    /// <exception cref="PipelineException">A customer is there twice (CheckFailed).</exception>
    public HmCustomers(InputFolder table)
    {
        foreach (var category in values)
        {
            category.Add([]);
        }

        foreach (var rows in TableFiles.Read(table, ["customer_id", "age", .. Flags, .. Texts]))
        {
            var customerIds = rows.Strings("customer_id");
            for (var row = 0; row < rows.Count; row++)
            {
                if (ids.Add(customerIds[row]) < Known)
                {
                    throw new PipelineException(
                        ExitCode.CheckFailed,
                        $"{table.Artifact.Title}: customer {customerIds.Text(row)} is there twice; expected once. Remove one of the rows from customers.csv.");
                }

                AddFeatures(rows, row);
            }
        }
    }

    /// <summary>Customers of the table.</summary>
    public int Known => ages.Count;

    /// <summary>All customers.</summary>
    public int Count => ids.Entries.Count;

    /// <summary>The number of a customer, who is added if the table does not have them.</summary>
    public int Add(ReadOnlySpan<byte> customerId) => ids.Add(customerId);

    /// <summary>Encodes all customers and notes what the numbers mean.</summary>
    public EncodedTable Encode(AgeScale scale, IDictionary<string, object> facts)
    {
        var (mean, deviation) = AgeMoments();
        var (shift, unit) = scale == AgeScale.Standardised ? (mean, deviation > 0 ? deviation : 1) : (0, 1);
        var numeric = new float[Count * 2];
        var categories = new int[Count * values.Length];
        var hasFeatures = new bool[Count];
        var orders = values.Select(Order).ToArray();
        for (var user = 0; user < Count; user++)
        {
            var age = user < Known ? ages.Values[user] : Empty;
            numeric[user * 2] = (float)(((age == Empty ? mean : age) - shift) / unit);
            numeric[(user * 2) + 1] = age == Empty ? 1 : 0;
            hasFeatures[user] = age != Empty;
            for (var q = 0; q < values.Length; q++)
            {
                var code = user < Known ? codes.Values[(user * values.Length) + q] : Empty;
                categories[(user * values.Length) + q] = orders[q][code];
                hasFeatures[user] |= code != Empty;
            }
        }

        facts["customers"] = Known;
        facts["customersOnlyInTransactions"] = Count - Known;
        facts["customersWithoutFeatures"] = hasFeatures.Count(has => !has);
        facts["ageMean"] = mean;
        facts["ageDeviation"] = deviation;
        var spec = new FeatureSpec(["age", "age_missing"], [.. values.Select((category, q) => Describe(category, orders[q], facts))]);
        return new EncodedTable(spec, new TextColumn(ids.Entries), names: null, numeric, categories, Array.TrueForAll(hasFeatures, has => has) ? null : hasFeatures);
    }

    void AddFeatures(RowGroup rows, int row)
    {
        var age = rows.Values<int>("age");
        ages.Add(age.IsNull(row) ? Empty : age[row]);
        for (var q = 0; q < Flags.Length; q++)
        {
            var flag = rows.Values<bool>(Flags[q]);
            codes.Add(flag.IsNull(row) ? Empty : values[q].Add(flag[row] ? "true"u8 : "false"u8));
        }

        for (var q = 0; q < Texts.Length; q++)
        {
            codes.Add(values[Flags.Length + q].Add(rows.Strings(Texts[q])[row]));
        }
    }

    /// <summary>Mean and standard deviation of the known ages; 0 if there is none.</summary>
    (double Mean, double Deviation) AgeMoments()
    {
        var (count, sum, squares) = (0L, 0L, 0L);
        foreach (var age in ages.Values)
        {
            if (age != Empty)
            {
                (count, sum, squares) = (count + 1, sum + age, squares + ((long)age * age));
            }
        }

        var mean = count == 0 ? 0 : (double)sum / count;
        return (mean, count == 0 ? 0 : Math.Sqrt(Math.Max(0, ((double)squares / count) - (mean * mean))));
    }

    /// <summary>By position: place of the value; the empty one first, the others by their bytes, so that no order of rows shows.</summary>
    static int[] Order(TextDictionary category)
    {
        var positions = Enumerable.Range(0, category.Entries.Count).ToArray();
        Array.Sort(positions, (one, other) => category.Entries[one].SequenceCompareTo(category.Entries[other]));
        var order = new int[positions.Length];
        for (var place = 0; place < order.Length; place++)
        {
            order[positions[place]] = place;
        }

        return order;
    }

    static CategoryFeature Describe(TextDictionary category, int[] order, IDictionary<string, object> facts)
    {
        var name = category.Entries.Column.Name;
        var places = new string[order.Length];
        for (var position = 0; position < order.Length; position++)
        {
            places[order[position]] = position == Empty ? "(empty)" : category.Entries.Text(position);
        }

        facts[$"values of {name}"] = string.Join(", ", places);
        return new CategoryFeature(name, order.Length);
    }
}
