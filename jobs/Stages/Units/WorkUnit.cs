using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Stages.Units;

/// <summary>A part of a run that any machine with the same data root can do: one stage for one seed, or one shard of it. Travels as JSON.</summary>
public sealed record WorkUnit
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public required string Dataset { get; init; }

    /// <summary>Name inside its dataset: "export/mamba".</summary>
    public required string Stage { get; init; }

    /// <summary>What the stage is given; empty if it has none.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>From 0.</summary>
    public int Shard { get; init; }

    /// <summary>1 for a stage that is done as a whole.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Of the generation that it makes, or makes a part of. Who computes another one may not do this unit.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Token of who makes the generation: whoever does the unit writes below its folder, which is gone when another took over. Empty in units of earlier versions.</summary>
    public string Writer { get; init; } = "";

    /// <summary>The generations that it reads.</summary>
    public required IReadOnlyList<ManifestParent> Parents { get; init; }

    /// <summary>"hm/export/mamba, shard 3 of 6".</summary>
    [JsonIgnore]
    public string Title => $"{Dataset}/{Stage}{(Seeds.Count == 1 && Shards == 1 ? $" (seed {Seeds[0]})" : "")}{(Shards > 1 ? $", shard {Shard + 1} of {Shards}" : "")}";

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="JsonException">It is none.</exception>
    public static WorkUnit FromJson(string text)
    {
        var unit = JsonSerializer.Deserialize<WorkUnit>(text, Json) ?? throw new JsonException("It is null.");
        return PartFile.IsWord(unit.Dataset) && Pipeline.Stages.Fingerprint.IsOne(unit.Fingerprint) && unit.Parents.All(ManifestParent.IsSound)
            ? unit
            : throw new JsonException("It names a folder elsewhere.");
    }

    /// <summary>The units that a work consists of: its shards, or itself.</summary>
    /// <param name="work">Of one node.</param>
    /// <param name="most">Shards at most; at least 1.</param>
    public static IReadOnlyList<WorkUnit> Of(StageWork work, StageContext context, int most)
    {
        var node = work.Nodes.Single();
        var whole = new WorkUnit
        {
            Dataset = work.Dataset,
            Stage = work.Stage.Name,
            Seeds = node.Node.Seeds,
            Fingerprint = node.Fingerprint,
            Writer = work.Writer,
            Parents = node.Parents,
        };
        var shards = work.Stage is IShardedStage sharded ? Math.Clamp(sharded.CountPieces(context), 1, most) : 1;
        return [.. Enumerable.Range(0, shards).Select(shard => whole with { Shard = shard, Shards = shards })];
    }

    /// <summary>The pieces of this shard: shards follow each other and differ by one piece at most.</summary>
    internal (int First, int Count) PiecesOf(int pieces)
    {
        var first = (int)((long)pieces * Shard / Shards);
        return (first, (int)((long)pieces * (Shard + 1) / Shards) - first);
    }
}
