using Pipeline.Features;
using Pipeline.Models;
using Pipeline.Scoring;
using Pipeline.Stages;
using Pipeline.Unit.Stages;

namespace Pipeline.Unit.Scoring;

public sealed class ExportShardTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Shards_made_apart_are_the_files_of_the_whole_byte_for_byte_however_many_they_are(int shards)
    {
        // 40 users in 8 parts; masks, users without features and a submission.
        var options = new ListOptions { Length = ShopWorld.Length, MaskBought = true, UsersPerPart = 5, Submission = true };
        using var world = new ShopWorld { Options = options }.Export();
        var stage = new ExportStage("mamba", options, FeatureArtifacts.Interactions);
        InputFolder[] inputs =
        [
            world.Harness.Input(ModelArtifacts.Of("mamba"), 1), world.Harness.Input(FeatureArtifacts.Users), world.Harness.Input(FeatureArtifacts.Items),
            world.Harness.Input(FeatureArtifacts.Interactions),
        ];
        var outputs = Enumerable.Range(0, shards).Select(_ => world.Harness.Output(stage.Writes[0])).ToList();
        foreach (var (shard, output) in outputs.Index())
        {
            // A maker of its own each, as on another machine.
            var context = new StageContext("test", [1], inputs, [output], 1, TimeProvider.System, new RecordingListener());
            Assert.Equal(8, stage.CountPieces(context));
            using var maker = stage.Open(context);
            await maker.MakeAsync(context, shard * 8 / shards, ((shard + 1) * 8 / shards) - (shard * 8 / shards), default);
        }

        var whole = world.Exported.Path;
        var joined = stage.JoinedFiles.ToDictionary(file => file, file => outputs.SelectMany(output => File.ReadAllBytes(output.File(file))).ToArray());
        var parts = outputs.SelectMany(output => Directory.GetFiles(output.Path)).Where(file => !joined.ContainsKey(Path.GetFileName(file)))
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
        Assert.Equal(Directory.GetFiles(whole).Select(Path.GetFileName).Order(), joined.Keys.Concat(parts.Keys).Order());
        Assert.All(joined.Concat(parts), file => Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file.Key)), file.Value));
        Assert.All(outputs, output => Assert.Equal(
            world.Exported.Manifest.Facts.Select(fact => $"{fact.Key} {fact.Value}"), output.Facts.Select(fact => FormattableString.Invariant($"{fact.Key} {fact.Value}"))));
    }
}
