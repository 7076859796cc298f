namespace Pipeline.Features.Vaccine;

/// <summary>Users as points: a number for the age, and for each value of each category 1 where the user has it.</summary>
sealed class UserPoints
{
    /// <param name="years">By user: the age in years; null to take the encoded age.</param>
    public UserPoints(EncodedTable users, int[]? years)
    {
        var (numbers, categories) = (users.Spec.Numeric.Count, users.Spec.Categories);
        Count = users.Count;
        Width = numbers + categories.Sum(category => category.Cardinality);
        Values = new float[Count * Width];
        for (var user = 0; user < Count; user++)
        {
            var row = Values.AsSpan(user * Width, Width);
            users.Numeric.AsSpan(user * numbers, numbers).CopyTo(row);
            if (years is not null)
            {
                row[0] = years[user];
            }

            var first = numbers;
            for (var q = 0; q < categories.Count; q++)
            {
                row[first + users.Categories[(user * categories.Count) + q]] = 1;
                first += categories[q].Cardinality;
            }
        }
    }

    public int Count { get; }

    public int Width { get; }

    /// <summary>[Count, Width] row-major.</summary>
    public float[] Values { get; }
}
