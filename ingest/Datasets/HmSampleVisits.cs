using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Who buys on which day, and how many rows: visits in the order of the file, by day and then by customer.</summary>
sealed class HmSampleVisits
{
    /// <summary>Shares of visits with one row, two, ... as measured; the rest has more, geometrically.</summary>
    static readonly double[] Sizes = [0.2905, 0.2382, 0.1372, 0.0951, 0.061, 0.0443, 0.0304, 0.0227, 0.0176, 0.0142];

    /// <summary>Chance of yet another row beyond the shares; measured, those have 15.9 rows on average.</summary>
    const double MoreRows = 0.795;

    const int MostRows = byte.MaxValue;

    readonly int[] customers;
    readonly byte[] rows;
    readonly int[] firstOfDay = new int[HmSampleCalendar.DayCount + 1];

    /// <param name="transactions">Sum of the rows of all visits, exactly.</param>
    public HmSampleVisits(HmSampleCustomers owners, HmSampleCalendar calendar, int transactions, RandomStream random)
    {
        var (owner, days) = DrawDays(owners, calendar, transactions, random);
        foreach (var day in days)
        {
            firstOfDay[day + 1]++;
        }

        for (var day = 0; day < HmSampleCalendar.DayCount; day++)
        {
            firstOfDay[day + 1] += firstOfDay[day];
        }

        // Customers come in order, so every day's visits end in the order of its customers.
        customers = new int[days.Length];
        var next = firstOfDay.AsSpan(0, HmSampleCalendar.DayCount).ToArray();
        var visit = 0;
        for (var customer = 0; customer < owners.Count; customer++)
        {
            for (var last = visit + owner[customer]; visit < last; visit++)
            {
                customers[next[days[visit]]++] = customer;
            }
        }

        rows = new byte[days.Length];
        DrawRows(transactions, random);
    }

    public int Count => customers.Length;

    public int CustomerOf(int visit) => customers[visit];

    public int RowsOf(int visit) => rows[visit];

    public int DayOf(int visit)
    {
        var found = Array.BinarySearch(firstOfDay, visit);
        if (found < 0)
        {
            return ~found - 1;
        }

        // Days without a visit begin where the next one does.
        while (firstOfDay[found + 1] == visit)
        {
            found++;
        }

        return found;
    }

    /// <returns>How many visits each customer makes, and their days, customer by customer.</returns>
    static (int[] Counts, short[] Days) DrawDays(HmSampleCustomers owners, HmSampleCalendar calendar, int transactions, RandomStream random)
    {
        var (buyers, more) = (0, 0.0);
        for (var customer = 0; customer < owners.Count; customer++)
        {
            buyers += owners.VisitsOf(customer) > 0 ? 1 : 0;
            more += Math.Max(0, owners.VisitsOf(customer) - 1);
        }

        // Every buyer comes once, if there is enough for that; what is left goes to those who come often.
        var wanted = transactions / MeanRows();
        var once = Math.Min(1, wanted / Math.Max(1, buyers));
        var scale = more > 0 ? (wanted - (once * buyers)) / more : 0;
        var counts = new int[owners.Count];
        var total = 0;
        for (var customer = 0; customer < owners.Count; customer++)
        {
            var visits = owners.VisitsOf(customer);
            counts[customer] = visits > 0 ? HmSampleChance.Whole(once + ((visits - 1) * scale), random) : 0;
            total += counts[customer];
        }

        // So few that nobody came: then somebody does.
        for (var least = (transactions + MostRows - 1) / MostRows; total < least; total++)
        {
            counts[random.NextInt(counts.Length)]++;
        }

        var days = new short[total];
        for (var visit = 0; visit < total; visit++)
        {
            days[visit] = (short)calendar.DrawDay(random);
        }

        return (counts, days);
    }

    static double MeanRows()
    {
        var (mean, left) = (0.0, 1.0);
        for (var i = 0; i < Sizes.Length; i++)
        {
            mean += Sizes[i] * (i + 1);
            left -= Sizes[i];
        }

        return mean + (left * (Sizes.Length + 1 + (MoreRows / (1 - MoreRows))));
    }

    /// <summary>Draws every visit's rows, then gives or takes single rows at equal distances until they add up.</summary>
    void DrawRows(int transactions, RandomStream random)
    {
        long missing = transactions;
        for (var visit = 0; visit < rows.Length; visit++)
        {
            var size = HmSampleChance.Category(Sizes, Sizes.Length + 1, random) + 1;
            while (size > Sizes.Length && size < MostRows && random.NextDouble() < MoreRows)
            {
                size++;
            }

            rows[visit] = (byte)size;
            missing -= size;
        }

        while (missing != 0)
        {
            missing = Spread(missing, random.NextInt(rows.Length), transactions >= rows.Length ? 1 : 0);
        }
    }

    /// <param name="least">Rows that a visit keeps.</param>
    /// <returns>What is still missing: full visits can take no more, small ones can give none.</returns>
    long Spread(long missing, int first, int least)
    {
        var count = (int)Math.Min(Math.Abs(missing), rows.Length);
        for (var i = 0; i < count; i++)
        {
            ref var size = ref rows[(int)((first + ((long)i * rows.Length / count)) % rows.Length)];
            if (missing > 0 && size < MostRows)
            {
                size++;
                missing--;
            }
            else if (missing < 0 && size > least)
            {
                size--;
                missing++;
            }
        }

        return missing;
    }
}
