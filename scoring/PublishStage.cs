using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>
/// The last gate: looks at the lists as they lie on disk, after the report was made, and lets their `current` move only if every user
/// has a sound list and no model is dead. Until then readers keep what was published before.
/// </summary>
/// <param name="towers">Whose lists are published.</param>
/// <param name="options">As the lists were made with.</param>
/// <param name="interactions">What may be masked, as the lists were made with; null where the data have none.</param>
public sealed class PublishStage(IReadOnlyList<string> towers, ListOptions options, Artifact? interactions = null) : IStage
{
    readonly IReadOnlyList<Artifact> exports = [.. towers.Select(ScoringArtifacts.Export)];
    readonly Artifact? masked = options.MaskBought ? interactions : null;

    public string Name => "publish";

    public int Version => 2;

    public object Options { get; } = new { Towers = towers, options.Length, options.MaskBought };

    public SeedScope Seeds => SeedScope.First;

    public IReadOnlyList<Artifact> Reads =>
        [ScoringArtifacts.Report, FeatureArtifacts.Users, FeatureArtifacts.Items, .. masked is null ? [] : new[] { masked }, .. exports];

    public IReadOnlyList<Artifact> Writes => [];

    public IReadOnlyList<Artifact> Publishes => exports;

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        var items = EncodedTable.Read(context.Input(FeatureArtifacts.Items));
        var known = masked is null ? null : KnownItems.Read(context.Input(masked), users.Count, items.Count);
        var check = new ExportCheck(users, items, options, known);
        for (var export = 0; export < exports.Count; export++)
        {
            var before = (long)export * users.Count;
            check.Require(context.Input(exports[export]), done => context.Progress(before + done, (long)exports.Count * users.Count, "lists"), cancellation);
            context.Log($"{exports[export].Folder}: {users.Count} lists are sound");
        }

        return Task.CompletedTask;
    }
}
