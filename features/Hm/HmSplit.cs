using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Hm;

/// <summary>Purchases divided into those that training may know and those that a report asks for.</summary>
/// <param name="History">Within the catalogue, by user, day and item.</param>
/// <param name="Positives">Drawn from History, each purchase equally likely, with replacement.</param>
/// <param name="ValidationPositives">As Positives, with draws of their own.</param>
sealed record HmSplit(Interactions History, Pairs Positives, Pairs ValidationPositives, TestUsers Test)
{
    /// <param name="table">All interactions.</param>
    /// <param name="catalogue">Those of them within the catalogue, by user.</param>
    /// <param name="random">The stream of a purpose.</param>
    /// <exception cref="PipelineException">Too few users, or no purchases, are there to be drawn (CheckFailed).</exception>
    public static HmSplit Of(
        InputFolder table, History catalogue, int itemCount, HmSplitOptions options, Func<string, RandomStream> random)
    {
        Func<int, int, bool> isTest;
        if (options.TestPeriod is { } date)
        {
            var first = Days.Of(date);
            isTest = (_, day) => day >= first;
        }
        else
        {
            var chosen = DrawTestUsers(catalogue, options, random("test-users"));
            isTest = (user, _) => chosen[user];
        }

        var history = Without(catalogue, isTest);
        if (history.Count == 0)
        {
            throw new PipelineException(
                ExitCode.CheckFailed,
                $"None of the {catalogue.Count:N0} purchases within the catalogue is left to train on: all belong to the test. Lower split.testUsers, or choose a later split.date.");
        }

        return new HmSplit(
            history,
            Draw(history, options.Train, random("positives")),
            Draw(history, options.Validation, random("validation-positives")),
            Relevant(table, itemCount, isTest, options));
    }

    static bool[] DrawTestUsers(History history, HmSplitOptions options, RandomStream random)
    {
        List<int> eligible = [];
        for (var user = 0; user < history.UserCount; user++)
        {
            if (history.Known(user).Length >= options.MinPurchases)
            {
                eligible.Add(user);
            }
        }

        if (eligible.Count < options.TestUsers)
        {
            throw new PipelineException(
                ExitCode.CheckFailed,
                $"{eligible.Count:N0} users bought {options.MinPurchases} or more items of the catalogue; split.testUsers asks for {options.TestUsers:N0} of them. "
                + "Lower split.testUsers or split.minPurchases.");
        }

        var order = eligible.ToArray();
        random.Shuffle(order.AsSpan());
        var chosen = new bool[history.UserCount];
        foreach (var user in order.AsSpan(0, options.TestUsers))
        {
            chosen[user] = true;
        }

        return chosen;
    }

    static Interactions Without(History all, Func<int, int, bool> isTest)
    {
        var count = 0;
        ForEach(all, isTest, (_, _, _) => count++);
        var kept = new Interactions(new int[count], new int[count], new int[count]);
        var next = 0;
        ForEach(all, isTest, (user, item, day) =>
        {
            (kept.Users[next], kept.Items[next], kept.Days[next]) = (user, item, day);
            next++;
        });
        return kept;
    }

    static void ForEach(History all, Func<int, int, bool> isTest, Action<int, int, int> visit)
    {
        for (var user = 0; user < all.UserCount; user++)
        {
            ReadOnlySpan<int> items = all.Items(user), days = all.Days(user);
            for (var i = 0; i < items.Length; i++)
            {
                if (!isTest(user, days[i]))
                {
                    visit(user, items[i], days[i]);
                }
            }
        }
    }

    static Pairs Draw(Interactions history, int count, RandomStream random)
    {
        var (users, items, labels) = (new int[count], new int[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var row = random.NextInt(history.Count);
            (users[i], items[i], labels[i]) = (history.Users[row], history.Items[row], 1);
        }

        return new Pairs(users, items, labels);
    }

    /// <summary>Everybody with a purchase of the test, by user: the distinct items of those purchases.</summary>
    static TestUsers Relevant(InputFolder table, int itemCount, Func<int, int, bool> isTest, HmSplitOptions options)
    {
        List<long> bought = [];
        var last = int.MinValue;
        foreach (var rows in TableFiles.Read(table, "user", "item", "day"))
        {
            var (users, items, days) = (rows.Values<int>("user"), rows.Values<int>("item"), rows.Values<int>("day"));
            for (var row = 0; row < rows.Count; row++)
            {
                last = Math.Max(last, days[row]);
                if (isTest(users[row], days[row]))
                {
                    bought.Add(((long)users[row] << 32) | (uint)items[row]);
                }
            }
        }

        if (bought.Count == 0)
        {
            throw new PipelineException(
                ExitCode.CheckFailed, $"Nobody bought anything on or after split.date {options.Date:o}; the last purchase is of {Days.Text(last)}. Choose an earlier date.");
        }

        var tests = bought.Distinct().Order().GroupBy(pair => (int)(pair >> 32), pair => (int)(uint)pair).ToArray();
        return new TestUsers(
            [.. tests.Select(test => test.Key)],
            [.. tests.Select(test => test.Where(item => item < itemCount).ToArray())],
            [.. tests.Select(test => test.Count(item => item >= itemCount))]);
    }
}
