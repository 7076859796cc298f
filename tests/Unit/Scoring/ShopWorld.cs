using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Scoring;
using Pipeline.Stages;

namespace Pipeline.Unit.Scoring;

/// <summary>
/// The small world as a shop: users 7, 20 and 33 have no features, and everybody but users 0, 13, 26 and 39 took something. User 3 took the whole catalogue,
/// user 5 all but two items, and so did user 33, of whom no features are known.
/// </summary>
sealed class ShopWorld : IDisposable
{
    public const int Sated = 3, Short = 5, Length = 5;

    public static readonly int[] WithoutFeatures = [7, 20, 33];

    readonly SmallWorld small = new SmallWorld().Train();

    public ShopWorld()
    {
        var hasFeatures = Enumerable.Range(0, SmallWorld.UserCount).Select(user => !WithoutFeatures.Contains(user)).ToArray();
        Users = new EncodedTable(small.Users.Spec, small.Users.Ids, null, small.Users.Numeric, small.Users.Categories, hasFeatures);
        var users = Harness.Output(FeatureArtifacts.Users);
        Users.Write(users);
        Harness.Add(users);
        var taken = Enumerable.Range(0, SmallWorld.UserCount).SelectMany(user => ItemsOf(user).Select(item => (User: user, Item: item))).ToList();
        Taken = new Interactions([.. taken.Select(pair => pair.User)], [.. taken.Select(pair => pair.Item)], new int[taken.Count]);
        foreach (var (artifact, seed) in new (Artifact, int?)[] { (FeatureArtifacts.Interactions, null), (FeatureArtifacts.History, 1) })
        {
            var output = Harness.Output(artifact, seed);
            Taken.Write(output);
            Harness.Add(output);
        }
    }

    public StageHarness Harness => small.Harness;

    public EncodedTable Users { get; }

    public EncodedTable Items => small.Items;

    public Interactions Taken { get; }

    public ListOptions Options { get; init; } = new() { Length = Length, MaskBought = true, UsersPerPart = 15 };

    public InputFolder Exported => Harness.Input(ScoringArtifacts.Export("mamba"));

    public ShopWorld Export(int threads = 2)
    {
        Harness.Threads = threads;
        Harness.Run(new ExportStage("mamba", Options, FeatureArtifacts.Interactions));
        return this;
    }

    public ShopWorld Publish()
    {
        if (!Harness.Has(ScoringArtifacts.Report))
        {
            Harness.Add(Harness.Output(ScoringArtifacts.Report));
        }

        Harness.Run(new PublishStage(["mamba"], Options, FeatureArtifacts.Interactions));
        return this;
    }

    /// <summary>What the export must hold, worked out user by user: all items by score, then those left out that are masked.</summary>
    public IEnumerable<Published> Expected()
    {
        var byModel = ModelLists.Of(
            Harness.Input(ModelArtifacts.Of("mamba"), 1), Users, [.. Enumerable.Range(0, Users.Count)], Items, SmallWorld.ItemCount, threads: 1);
        var counts = Enumerable.Range(0, SmallWorld.ItemCount).Select(item => (float)Taken.Items.Count(taken => taken == item)).ToArray();
        for (var user = 0; user < Users.Count; user++)
        {
            var isKnown = Users.HasFeatures![user];
            var scores = new float[SmallWorld.ItemCount];
            for (var rank = 0; rank < scores.Length; rank++)
            {
                scores[byModel.Items(user)[rank]] = byModel.Scores(user)[rank];
            }

            scores = isKnown ? scores : counts;
            var known = Options.MaskBought ? ItemsOf(user).ToHashSet() : [];
            // LINQ's ordering is stable: equal scores stay in item order.
            int[] items = [.. Enumerable.Range(0, scores.Length).OrderByDescending(item => scores[item]).Where(item => !known.Contains(item)).Take(Options.Length)];
            if (items.Length > 0)
            {
                yield return new Published(Users.Ids[user], items, [.. items.Select(item => scores[item])], isKnown ? ListSource.Model : ListSource.Popularity);
            }
        }
    }

    public void Dispose() => small.Dispose();

    /// <summary>Repeats and items outside the catalogue included.</summary>
    static IEnumerable<int> ItemsOf(int user) => user switch
    {
        0 or 13 or 26 or 39 => [],
        Sated => Enumerable.Range(0, SmallWorld.ItemCount),
        Short or 33 => Enumerable.Range(2, SmallWorld.ItemCount - 2),
        _ => [user % 7, user % 5, user % 7, SmallWorld.ItemCount + user],
    };
}
