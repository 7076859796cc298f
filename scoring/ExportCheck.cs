using System.Text;
using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>
/// Looks at published lists as they lie on disk: one for each user in the order of the population, ranks 1, 2, 3, ..., as long as can be,
/// no item twice, none that is masked, scores that never rise, from the source that the user's features ask for, and no dead model.
/// </summary>
/// <param name="masked">What no list may hold; null for nothing.</param>
sealed class ExportCheck(EncodedTable users, EncodedTable items, ListOptions options, KnownItems? masked)
{
    /// <summary>Lists between two reports of how far it is.</summary>
    const int ProgressLists = 1 << 16;

    readonly ListCheck check = new(items.Ids);

    /// <param name="progress">Given the number of users that were looked at, now and then.</param>
    /// <exception cref="PipelineException">The lists do not pass.</exception>
    public void Require(InputFolder export, Action<int> progress, CancellationToken cancellation)
    {
        var where = export.Artifact.Folder;
        var (all, whole) = (new RunHealth(), new RunHealth());
        using var lists = new UserListReader(export, items);
        var next = SkipSated(0);
        while (lists.Next())
        {
            if (next == users.Count || !users.Ids.Utf8(next).SequenceEqual(lists.User))
            {
                throw ListCheck.Failed(
                    where, $"has a list for user '{lists.UserText}' where {(next < users.Count ? $"'{users.Ids[next]}'" : "no more user")} was expected");
            }

            if (Fault(next, lists) is { } fault)
            {
                throw ListCheck.Failed($"{where}: the list of user '{lists.UserText}'", fault);
            }

            if (lists.Source == ListSource.Model)
            {
                all.Add(lists.Items, lists.Scores);

                // What is left out differs from user to user and would hide that the model gave all the same.
                if (masked is null || masked.Of(next).IsEmpty)
                {
                    whole.Add(lists.Items, lists.Scores);
                }
            }

            next = SkipSated(next + 1);
            if (next % ProgressLists == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress(next);
            }
        }

        if (next != users.Count)
        {
            throw ListCheck.Failed(where, $"has lists for {next} of {users.Count} users; every user needs one");
        }

        if ((all.CauseOfDeath ?? whole.CauseOfDeath) is { } cause)
        {
            throw ListCheck.Failed(
                where,
                $"comes from a dead model: {cause}. Nothing was published; what was published before stays in use. Train with another seed, "
                + "another target (`liked` instead of `sentiment`) or a linear head, then run again");
        }
    }

    string? Fault(int user, UserListReader list)
    {
        var source = users.HasFeatures?[user] ?? true ? ListSource.Model : ListSource.Popularity;
        if (list.Source != source)
        {
            return $"is by {Name(list.Source)}; of this user {(source == ListSource.Model ? "features are known" : "no feature is known")}, so it must be by {Name(source)}";
        }

        if (list.Items.Length != LengthFor(user))
        {
            return $"has {list.Items.Length} items; {LengthFor(user)} were expected";
        }

        foreach (var item in masked is null ? [] : list.Items)
        {
            if (masked!.Of(user).BinarySearch(item) >= 0)
            {
                return $"holds item '{items.Ids[item]}', which this user bought before; `maskBought` leaves such items out";
            }
        }

        return check.Fault(list.Items, list.Scores);
    }

    /// <summary>Items that this user's list can have.</summary>
    int LengthFor(int user) => Math.Min(options.Length, items.Count - (masked is null ? 0 : masked.Of(user).Length));

    /// <summary>Who took the whole catalogue has nothing left to be recommended, and so no list.</summary>
    int SkipSated(int user)
    {
        while (user < users.Count && LengthFor(user) == 0)
        {
            user++;
        }

        return user;
    }

    static string Name(ListSource source) => Encoding.UTF8.GetString(UserLists.NameOf(source));
}
