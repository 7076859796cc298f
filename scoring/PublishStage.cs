using System.Runtime.InteropServices;
using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>
/// The last gate: looks at the lists as they lie on disk, after the report was made, and lets their `current` move only if every user
/// has a sound list and no model is dead. Until then readers keep what was published before.
/// </summary>
/// <param name="towers">Whose lists are published.</param>
public sealed class PublishStage(IReadOnlyList<string> towers) : IStage
{
    readonly IReadOnlyList<Artifact> exports = [.. towers.Select(ScoringArtifacts.Export)];

    public string Name => "publish";

    public int Version => 1;

    public object Options { get; } = new { Towers = towers };

    public SeedScope Seeds => SeedScope.First;

    public IReadOnlyList<Artifact> Reads => [ScoringArtifacts.Report, FeatureArtifacts.Users, .. exports];

    public IReadOnlyList<Artifact> Writes => [];

    public IReadOnlyList<Artifact> Publishes => exports;

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var population = EncodedTable.Read(context.Input(FeatureArtifacts.Users)).Ids;
        foreach (var export in exports)
        {
            Check(context.Input(export), population, cancellation);
            context.Log($"{export.Folder}: {population.Count} lists are sound");
        }

        return Task.CompletedTask;
    }

    static void Check(InputFolder export, IReadOnlyList<string> population, CancellationToken cancellation)
    {
        var health = new RunHealth();
        var numberOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var users = 0;
        foreach (var list in UserLists.Read(export))
        {
            cancellation.ThrowIfCancellationRequested();
            if (users == population.Count || population[users] != list.User)
            {
                throw ListCheck.Failed(
                    export.Artifact.Folder,
                    $"has a list for user '{list.User}' where {(users < population.Count ? $"'{population[users]}'" : "no more user")} was expected");
            }

            users++;
            string[] items = [.. list.Items];
            float[] scores = [.. list.Scores];
            ListCheck.Require<string>($"{export.Artifact.Folder}: the list of user '{list.User}'", items, scores);
            health.Add([.. items.Select(item => NumberOf(numberOf, item))], scores);
        }

        if (users != population.Count)
        {
            throw ListCheck.Failed(export.Artifact.Folder, $"has lists for {users} of {population.Count} users; every user needs one");
        }

        if (health.CauseOfDeath is { } cause)
        {
            throw ListCheck.Failed(
                export.Artifact.Folder,
                $"comes from a dead model: {cause}. Nothing was published; what was published before stays in use. Train with another seed, "
                + "another target (`liked` instead of `sentiment`) or a linear head, then run again");
        }
    }

    static int NumberOf(Dictionary<string, int> numberOf, string item)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numberOf, item, out var isKnown);
        if (!isKnown)
        {
            number = numberOf.Count;
        }

        return number;
    }
}
