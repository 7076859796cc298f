using Pipeline.Features.Clusters;
using Pipeline.Ingest.Datasets;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Features.Vaccine;

/// <summary>Draws messages for each seed, and clusters users and messages, each by themselves.</summary>
/// <remarks>
/// Users are points of categories as 0 and 1 and of an age; messages are points of their embedding. A user who is not among the clustered
/// ones gets the cluster of the nearest centroid.
/// </remarks>
/// <param name="clusters">Of the users, and of the messages.</param>
/// <param name="messages">Drawn for a seed; at least as many as clusters.</param>
public sealed class VaccineClusterStage(int clusters, int messages, VaccineClusterOptions options) : IStage
{
    public static readonly Artifact UserClusters = new("clusters of the users", "2-features/user-clusters");
    public static readonly Artifact MessageClusters = new("clusters of the messages", "2-features/message-clusters");

    public string Name => "clusters";

    public int Version => 1;

    public object Options { get; } = new { Clusters = clusters, Messages = messages, Options = options };

    public SeedScope Seeds => SeedScope.Each;

    public IReadOnlyList<Artifact> Reads => [FeatureArtifacts.Users, VaccineIngestStage.Users, VaccineFeatureStage.Messages];

    public IReadOnlyList<Artifact> Writes => [FeatureArtifacts.Items, UserClusters, MessageClusters];

    /// <summary>A cluster's number takes as many bits as it needs.</summary>
    public IReadOnlyList<DataSize> Sizes(InputSizes inputs)
    {
        var (bytes, users) = (Math.Ceiling(Math.Log2(clusters)) / 8, inputs.Of(FeatureArtifacts.Users).Rows);
        return [DataSize.Of((messages * 70.0) + 1_000, messages), DataSize.Of((users * bytes) + 1_000, users), DataSize.Of((messages * bytes) + 1_000, messages)];
    }

    public Task RunAsync(StageContext context, CancellationToken cancellation)
    {
        var users = EncodedTable.Read(context.Input(FeatureArtifacts.Users));
        var ages = TableFiles.ReadAll(context.Input(VaccineIngestStage.Users), "age").Values<int>("age").Values.ToArray();
        var points = new UserPoints(users, options.AgeScale == AgeScale.Years ? ages : null);
        var all = Messages.Read(context.Input(VaccineFeatureStage.Messages));
        Require(users.Count >= options.Users, $"there are {users.Count} users", $"at least {options.Users}, the number to be clustered");
        Require(all.Ids.Count >= messages, $"there are {all.Ids.Count} messages", $"at least {messages}, the number to be drawn");
        foreach (var seed in context.Seeds)
        {
            ClusterUsers(context, seed, points, cancellation);
            ClusterMessages(context, seed, all, cancellation);
        }

        return Task.CompletedTask;
    }

    void ClusterUsers(StageContext context, int seed, UserPoints points, CancellationToken cancellation)
    {
        var found = KMeans.Fit(
            points.Values.AsMemory(0, options.Users * points.Width), points.Width, clusters, options.KMeans,
            start => context.Random(seed, "clusters of users", start), context.Threads, cancellation);
        var clusterOf = new int[points.Count];
        KMeans.Assign(points.Values, points.Width, found.Centroids, clusterOf, context.Threads);
        Write(context.Output(UserClusters, seed), clusterOf, found);
    }

    void ClusterMessages(StageContext context, int seed, Messages all, CancellationToken cancellation)
    {
        int[] drawn = [.. Enumerable.Range(0, all.Ids.Count)];
        context.Random(seed, "messages").Shuffle(drawn.AsSpan());
        drawn = [.. drawn.Take(messages).Order()];
        var width = all.Embeddings.Columns;
        float[] points = [.. drawn.SelectMany(message => all.Embeddings.Values.AsSpan(message * width, width).ToArray())];
        var found = KMeans.Fit(points, width, clusters, options.KMeans, start => context.Random(seed, "clusters of messages", start), context.Threads, cancellation);
        Write(context.Output(MessageClusters, seed), found.ClusterOf, found);
        var spec = new FeatureSpec([], [new CategoryFeature("message", messages)]);
        new EncodedTable(
            spec, [.. drawn.Select(message => all.Ids[message])], [.. drawn.Select(message => all.Texts[message])], [], [.. Enumerable.Range(0, messages)])
            .Write(context.Output(FeatureArtifacts.Items, seed));
    }

    static void Write(OutputFolder output, int[] clusterOf, Clustering found)
    {
        ClusterNumbers.Write(output, clusterOf);
        output.Facts["inertia"] = found.Inertia;
        output.Facts["iterations"] = found.Iterations;
        output.Facts["converged"] = found.HasConverged;
    }

    static void Require(bool isMet, string found, string expected)
    {
        if (!isMet)
        {
            throw new PipelineException(ExitCode.CheckFailed, $"{found}; expected {expected}. Generate or give more, or ask for fewer.");
        }
    }
}
