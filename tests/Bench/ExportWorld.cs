using System.Text.Json.Nodes;
using Pipeline.Features;
using Pipeline.Ingest.Tables;
using Pipeline.Models;
using Pipeline.Models.Towers;
using Pipeline.Stages;

namespace Pipeline.Bench;

/// <summary>
/// A folder with all that the nightly export reads, as large as asked for: users of at most 6,800 distinct rows in no order, 100 items, 23 interactions a user
/// of which every eighth lies within the catalogue, and a model after one step. Like H&amp;M in its sizes, by chance in its values.
/// </summary>
sealed class ExportWorld(string root)
{
    const int Items = 100, OtherItems = 40_000, InteractionsPerUser = 23, Pairs = 64, IdBytes = 64;
    const double InCatalogue = 0.134, WithoutFeatures = 0.005;

    // The model after a single step gives every user the same list if its ReLU is dead.
    static readonly MambaOptions Tower = new() { Head = new HeadOptions { Output = HeadOutput.Linear } };

    public void Make(int users)
    {
        MakeUsers(users).Write(Output(FeatureArtifacts.Users));
        new EncodedTable(
            new FeatureSpec([], [new CategoryFeature("item", Items)]), [.. Enumerable.Range(0, Items).Select(item => $"{706016001 + (item * 37):D10}")], null, [],
            [.. Enumerable.Range(0, Items)]).Write(Output(FeatureArtifacts.Items));
        MakeInteractions(users);
        MakeModel(users);
    }

    /// <summary>Runs a stage on what lies in the folder.</summary>
    public OutputFolder? Run(IStage stage, int threads)
    {
        var inputs = stage.Reads.SelectMany(artifact => new[] { Input(artifact, null), Input(artifact, 1) }).Where(input => Directory.Exists(input.Path));
        OutputFolder[] outputs = [.. stage.Writes.Select(artifact => Output(artifact, stage.Seeds == SeedScope.Each ? 1 : null))];
        stage.RunAsync(new StageContext("bench", [1], [.. inputs], outputs, threads, TimeProvider.System, new Silence()), CancellationToken.None).GetAwaiter().GetResult();
        return outputs.FirstOrDefault();
    }

    static EncodedTable MakeUsers(int users)
    {
        var chance = new RandomStream(1, "users");
        var ids = new StringBuffer(new Column("id", ColumnType.String));
        var spec = new FeatureSpec(
            ["age", "age_missing"], [new("FN", 2), new("Active", 2), new("club_member_status", 4), new("fashion_news_frequency", 5)]);
        var (numeric, categories, hasFeatures) = (new float[users * 2], new int[users * 4], new bool[users]);
        Span<byte> id = stackalloc byte[IdBytes];
        for (var user = 0; user < users; user++)
        {
            for (var i = 0; i < IdBytes; i += 8)
            {
                chance.NextUInt32().TryFormat(id[i..], out _, "x8");
            }

            ids.Add(id);
            hasFeatures[user] = chance.NextDouble() >= WithoutFeatures;
            var age = hasFeatures[user] ? chance.NextInt(85) : 84;
            (numeric[user * 2], numeric[(user * 2) + 1]) = age == 84 ? (0, 1) : ((age - 36) / 14f, 0);
            for (var q = 0; q < 4; q++)
            {
                categories[(user * 4) + q] = hasFeatures[user] ? chance.NextInt(spec.Categories[q].Cardinality) : 0;
            }
        }

        return new EncodedTable(spec, new TextColumn(ids), null, numeric, categories, hasFeatures);
    }

    void MakeInteractions(int users)
    {
        var chance = new RandomStream(1, "interactions");
        using var writer = new TableWriter(Output(FeatureArtifacts.Interactions), Interactions.Schema);
        var (user, item, day) = (writer.Rows.Values<int>("user"), writer.Rows.Values<int>("item"), writer.Rows.Values<int>("day"));
        var count = (long)users * InteractionsPerUser;
        for (var i = 0L; i < count; i++)
        {
            // Squares: few users take much, few items are taken often.
            double who = chance.NextDouble(), what = chance.NextDouble();
            user.Add((int)(users * who * who));
            item.Add(chance.NextDouble() < InCatalogue ? (int)(Items * what * what) : Items + (int)(OtherItems * what));
            day.Add(17_794 + (int)(730 * i / count));
            writer.EndRow();
        }

        writer.Finish();
    }

    void MakeModel(int users)
    {
        var chance = new RandomStream(1, "pairs");
        int[] Draw(int bound) => [.. Enumerable.Range(0, Pairs).Select(_ => chance.NextInt(bound))];
        foreach (var artifact in new[] { FeatureArtifacts.Train, FeatureArtifacts.Validation })
        {
            new Pairs(Draw(users), Draw(Items), Draw(2)).Write(Output(artifact, 1));
        }

        new TestUsers([0], [[0]]).Write(Output(FeatureArtifacts.Test, 1), World.Table(new FeatureSpec(["n"], []), 1), World.Table(new FeatureSpec(["n"], []), 1));
        Run(new TrainStage(Tower, new TrainingOptions { Steps = 1 }), 1);
    }

    string Folder(Artifact artifact, int? seed) => Path.Combine(root, artifact.Folder, seed is null ? "all" : $"seed-{seed}");

    OutputFolder Output(Artifact artifact, int? seed = null)
    {
        Directory.CreateDirectory(Folder(artifact, seed));
        return new OutputFolder(artifact, seed, Folder(artifact, seed));
    }

    /// <summary>With a manifest that says nothing: the export asks it for nothing.</summary>
    InputFolder Input(Artifact artifact, int? seed) => new(artifact, seed, Folder(artifact, seed), new Manifest
    {
        Artifact = artifact.Folder,
        Fingerprint = "",
        Stage = "bench",
        StageVersion = 1,
        Synthetic = true,
        Bytes = 0,
        Parts = [],
        Options = new JsonObject(),
        Parents = [],
        Facts = [],
        ToolVersion = "bench",
        Simd = "",
    });

    sealed class Silence : IStageListener
    {
        public void Progress(long done, long total, string unit)
        {
        }

        public void Log(string line)
        {
        }
    }
}
