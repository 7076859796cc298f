using System.Text.Json.Nodes;

namespace Pipeline.Stages;

public enum PlanAction
{
    /// <summary>Its outputs are not there: the stage runs.</summary>
    Run,

    /// <summary>Its outputs are there and in use: nothing to do.</summary>
    Skip,

    /// <summary>Its outputs are there, made earlier, but `current` is elsewhere: the link moves, nothing runs.</summary>
    Point,
}

/// <summary>What a run would do, and why.</summary>
/// <param name="Graphs">The datasets it touches.</param>
/// <param name="Nodes">Every node of those datasets in the order of running, selected or not.</param>
public sealed record Plan(IReadOnlyList<StageGraph> Graphs, IReadOnlyList<PlannedNode> Nodes)
{
    readonly Dictionary<StageNode, PlannedNode> plannedOf = Nodes.ToDictionary(planned => planned.Node);

    public IEnumerable<PlannedNode> Selected => Nodes.Where(node => node.IsSelected);

    /// <summary>True if a run would change nothing.</summary>
    public bool IsDone => Selected.All(node => node.Action == PlanAction.Skip);

    public PlannedNode Of(StageNode node) => plannedOf[node];
}

/// <summary>A node, pinned to the generations that it reads and the one that it is to make.</summary>
public sealed record PlannedNode
{
    public required StageNode Node { get; init; }

    /// <summary>Names the generation of each of its outputs.</summary>
    public required string Fingerprint { get; init; }

    public required PlanAction Action { get; init; }

    /// <summary>In plain words, without a full stop: "options changed: steps 5000 -> 2000".</summary>
    public required string Reason { get; init; }

    /// <summary>False if it is only here because others depend on it.</summary>
    public bool IsSelected { get; init; }

    public required JsonNode Options { get; init; }

    /// <summary>The generations it reads, in the order of Reads, then of the seeds.</summary>
    public required IReadOnlyList<PinnedInput> Inputs { get; init; }

    /// <summary>Where `current` is to point when it is done; empty for a later seed, and where a publisher moves it.</summary>
    public IReadOnlyList<CurrentMove> Moves { get; init; } = [];

    /// <summary>The same as the manifest will name them; raw folders last.</summary>
    public required IReadOnlyList<ManifestParent> Parents { get; init; }

    /// <summary>The folders outside the data root that it reads.</summary>
    public IReadOnlyList<RawFolder> RawFolders { get; init; } = [];
}

/// <param name="Writer">The node that makes it.</param>
public sealed record PinnedInput(Artifact Artifact, StageNode Writer, string Fingerprint);
