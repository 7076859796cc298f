using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Scoring;

/// <summary>Gives every user of the population a list from the first seed's model of one tower: what `publish` puts in use.</summary>
/// <param name="tower">"mamba" or "transformer".</param>
public sealed class ExportStage(string tower, ListOptions options) : IStage
{
    readonly Artifact model = ModelArtifacts.Of(tower);
    readonly Artifact lists = ScoringArtifacts.Export(tower);

    public string Name => $"export/{tower}";

    public int Version => 2;

    public object Options => options;

    public SeedScope Seeds => SeedScope.First;

    public IReadOnlyList<Artifact> Reads => [model, FeatureArtifacts.Users, FeatureArtifacts.Items];

    public IReadOnlyList<Artifact> Writes => [lists];

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        var items = EncodedTable.Read(context.Input(FeatureArtifacts.Items));
        int[] population = [.. Enumerable.Range(0, users.Count)];
        var distinct = DistinctRows.Of(users, population);
        var top = ModelLists.Of(context.Input(model), users, distinct.Rows, items, options.Length, context.Threads);
        for (var list = 0; list < top.Count; list++)
        {
            ListCheck.Require($"{lists.Folder}: the list of user '{users.Ids[distinct.Rows[list]]}'", top.Items(list), top.Scores(list));
        }

        var output = context.Output(lists);
        var parts = 0;
        for (var start = 0; start < users.Count; start += options.UsersPerPart)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(options.UsersPerPart, users.Count - start);
            UserLists.WritePart(output, parts++, users, start, count, items, top, distinct.GroupOf);
            context.Progress(start + count, users.Count, "users");
        }

        output.Facts["users"] = users.Count;
        output.Facts["distinctRows"] = distinct.Rows.Length;
        output.Facts["dedupeFactor"] = distinct.Factor;
        context.Log($"{tower}: {users.Count} users, {distinct.Rows.Length} distinct rows");
        return Task.CompletedTask;
    }
}
