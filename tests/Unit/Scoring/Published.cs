using Pipeline.Features;
using Pipeline.Scoring;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring;

/// <summary>A published list, kept.</summary>
sealed record Published(string User, int[] Items, float[] Scores, ListSource Source)
{
    public static IReadOnlyList<Published> Read(InputFolder export, EncodedTable items)
    {
        var all = new List<Published>();
        using var lists = new UserListReader(export, items);
        while (lists.Next())
        {
            all.Add(new Published(lists.UserText, [.. lists.Items], [.. lists.Scores], lists.Source));
        }

        return all;
    }
}
