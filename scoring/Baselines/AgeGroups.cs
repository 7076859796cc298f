using Pipeline.Features;

namespace Pipeline.Scoring.Baselines;

/// <summary>Who is of a like age: groups of about equal size, and one of those whose age is not known.</summary>
/// <remarks>Quantiles of the encoded feature, so that it does not matter whether it is in years or standardised.</remarks>
public static class AgeGroups
{
    /// <summary>Groups of known age; the group of unknown age has this number.</summary>
    public const int Known = 8;

    const string Age = "age", Missing = "age_missing";

    /// <param name="users">With a numeric feature `age` and, where it may be missing, `age_missing` (0 or 1).</param>
    /// <returns>By user: 0, the youngest, to <see cref="Known"/>. Users of one age are in one group.</returns>
    /// <exception cref="ArgumentException">There is no such feature.</exception>
    public static int[] Of(EncodedTable users)
    {
        var names = users.Spec.Numeric.ToList();
        var (age, missing) = (names.IndexOf(Age), names.IndexOf(Missing));
        if (age < 0)
        {
            throw new ArgumentException($"The users have no numeric feature `{Age}`, only: {string.Join(", ", names)}.", nameof(users));
        }

        bool IsKnown(int user) => users.HasFeatures?[user] != false && (missing < 0 || users.Numeric[(user * names.Count) + missing] == 0);
        float AgeOf(int user) => users.Numeric[(user * names.Count) + age];

        float[] ages = [.. Enumerable.Range(0, users.Count).Where(IsKnown).Select(AgeOf)];
        Array.Sort(ages);

        // The youngest age of each group but the first.
        float[] bounds = ages.Length == 0 ? [] : [.. Enumerable.Range(1, Known - 1).Select(group => ages[(int)((long)ages.Length * group / Known)])];
        var groupOf = new int[users.Count];
        for (var user = 0; user < groupOf.Length; user++)
        {
            if (!IsKnown(user))
            {
                groupOf[user] = Known;
                continue;
            }

            while (groupOf[user] < bounds.Length && bounds[groupOf[user]] <= AgeOf(user))
            {
                groupOf[user]++;
            }
        }

        return groupOf;
    }
}
