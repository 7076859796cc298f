using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Host;
using Pipeline.Models;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Lab.Formats;

/// <summary>The files that are no tables, each with a sound example and a reader.</summary>
static class AllTargets
{
    public const int Count = 9;

    public static IReadOnlyList<Target> Make(string folder)
    {
        var root = new DataRoot(Path.Combine(folder, "data"));
        var model = Directory.CreateDirectory(Path.Combine(folder, "model")).FullName;
        return [Model(model), Description(model), Weights(model), Saved(model), Manifests(root, isSealed: false), Manifests(root, isSealed: true), Ledgers(root), Pinned(root), Configuration(folder)];
    }

    static Target Model(string folder)
    {
        var path = Path.Combine(folder, "any.safetensors");
        SafeTensors.Write(path, [new("a", new StoredTensor([2, 3], new float[6])), new("b", new StoredTensor([4], new int[4]))], new Dictionary<string, string> { ["step"] = "1" });
        return Target.Of("safetensors", path, _ =>
        {
            var tensors = SafeTensors.Read(path).Tensors.Values;
            return tensors.Any(tensor => tensor.Shape.Aggregate(1L, (product, length) => product * length) != tensor.Data.Length) ? "has a tensor that does not fill its shape" : null;
        });
    }

    static Target Description(string folder)
    {
        var path = Path.Combine(folder, "model.json");
        File.WriteAllText(path, """
            { "format": 1, "tower": "mamba", "options": { "tokenWidth": 8, "layers": 1 }, "users": { "numeric": ["age"], "categories": [{ "name": "genre", "cardinality": 3 }] }, "items": { "numeric": ["age"], "categories": [{ "name": "genre", "cardinality": 3 }] },
              "seed": 1, "training": { "steps": 10 }, "target": "liked", "parameters": 12, "validationLoss": 0.5, "trainingLoss": [{ "step": 1, "loss": 0.25 }] }
            """);
        return Target.Of("model.json", path, _ =>
        {
            var description = ModelFile.ReadDescription(folder);
            return ModelFile.TowerOptions(folder, description).Name == description.Tower ? null : "names another tower than its options";
        });
    }

    static Target Weights(string folder)
    {
        var path = Path.Combine(folder, "model.safetensors");
        SafeTensors.Write(path, [new("w", new StoredTensor([8], new float[8]))], new Dictionary<string, string>());
        var digest = Digest(path);
        var manifest = Sample(new ManifestPart("model.safetensors", new FileInfo(path).Length, digest, null));
        var input = new InputFolder(new Artifact("model", "3-models/mamba"), 1, folder, manifest);
        return Target.Of("weights under a manifest", path, _ =>
        {
            TrainedModel.CheckBytes(input);
            return Digest(path) == digest ? null : "was taken for what the manifest names";
        });
    }

    static Target Saved(string folder)
    {
        var clean = new CheckpointState(7, [1, 2, 3], [4, 5, 6], [7, 8, 9], 0.5f, [new ProbeStep(1, [3, 4], [[1, 2], [2, 1]], [[1f, 0f], [1f, 0f]], 0.25f)]);
        Checkpoint.Write(folder, clean);
        var text = JsonSerializer.Serialize(clean);
        return Target.Of("checkpoint", Path.Combine(folder, "checkpoint.safetensors"), _ => JsonSerializer.Serialize(Checkpoint.Read(folder)) == text ? null : "goes on from another state than was saved");
    }

    /// <param name="isSealed">True: the damaged text, where it is still JSON, is given a digest that fits, as somebody who wants to be believed would.</param>
    static Target Manifests(DataRoot root, bool isSealed)
    {
        var artifact = Path.Combine(root.Path, "toy", "1-tables/a");
        var folders = new[] { '0', '1', '2' }.Select(digit => Directory.CreateDirectory(Path.Combine(artifact, new string(digit, DataRoot.NameLength))).FullName).ToList();
        foreach (var (folder, digit) in folders.Zip("012"))
        {
            File.WriteAllText(Path.Combine(folder, "part"), "x");
            ManifestFile.Write(folder, Sample(new ManifestPart("part", 1, Digest(Path.Combine(folder, "part")), null)) with { Fingerprint = new(digit, 64) });
        }

        var path = Path.Combine(folders[1], ManifestFile.Name);
        var clean = File.ReadAllText(path);
        var target = Target.Of(isSealed ? "manifest with a digest that fits" : "manifest", path, _ =>
        {
            var isRead = ManifestFile.TryRead(folders[1], out var _) is not null;
            var others = new Verifier(root).Verify("toy", onlyCurrent: false, new Nobody(), CancellationToken.None).Findings.Where(finding => finding.Generation != Path.GetFileName(folders[1])).ToList();
            return others.Count > 0 ? $"hides or harms others: {others[0]}" : isRead && !isSealed && File.ReadAllText(path) != clean ? "was read, though it is another text" : null;
        });
        return isSealed ? target with { Damage = damaged => Seal(damaged) } : target;
    }

    static Target Ledgers(DataRoot root)
    {
        var ledger = new Ledger(root, TimeProvider.System);
        Directory.CreateDirectory(root.Path);
        var lines = Enumerable.Range(0, 5).Select(i => $$"""{"time":"2026-11-21T00:00:0{{i}}Z","run":"20261121-00000{{i}}-000","event":"runStarted","datasets":["toy"],"selection":["toy"],"settings":[],"arguments":["pipeline","run"],"pid":1}""").ToList();
        File.WriteAllText(ledger.Path, string.Concat(lines.Select(line => line + "\n")));
        lines[2] = """{"time":"2026-11-21T00:00:02Z","run":"20261121-000002-000","event":"published","datasets":["toy"],"generations":{"4-topk/a":"0123456789abcdef","4-topk/b":"0123456789abcdef"}}""";
        var before = Encoding.UTF8.GetBytes(lines[0] + "\n" + lines[1] + "\n");
        var after = Encoding.UTF8.GetBytes("\n" + lines[3] + "\n" + lines[4] + "\n");
        return new Target("ledger", ledger.Path, Encoding.UTF8.GetBytes(lines[2]), _ =>
        {
            var runs = ledger.Runs().Select(run => run.Run).ToHashSet();
            var published = Publication.Of(ledger.Read(), "toy").SelectMany(publication => publication.Generations.Values);
            return !new[] { 0, 1, 3, 4 }.All(i => runs.Contains($"20261121-00000{i}-000")) ? "hides other lines than the damaged one"
                : !published.All(IsGeneration) ? "says that something was published that is no generation" : null;
        }, damaged => [.. before, .. damaged, .. after]);
    }

    static Target Pinned(DataRoot root)
    {
        var path = Path.Combine(Directory.CreateDirectory(root.Dataset("pinned")).FullName, ".pins.json");
        File.WriteAllText(path, """{ "4-topk/a": "0123456789abcdef", "4-topk/b": "0123456789abcdef" }""");
        return Target.Of("pins", path, _ => Pins.Read(root, "pinned").Values.All(IsGeneration) ? null : "pins what is no generation");
    }

    static bool IsGeneration(string name) => name.Length == DataRoot.NameLength && name.All(char.IsAsciiHexDigitLower);

    static Target Configuration(string folder)
    {
        var path = Path.Combine(folder, "pipeline.json");
        File.WriteAllText(path, """
            { "data": "data", "default": ["spotify"], "threads": 2, "datasets": { "spotify": { "seeds": [1, 2], "pairs": { "train": 640 }, "target": "liked", "training": { "learningRate": 0.001 } } },
              "towers": { "mamba": { "tokenWidth": 16 } }, "experiments": { "small": { "datasets": ["spotify"], "seeds": [1] } } }
            """);
        return Target.Of("pipeline.json", path, bytes =>
        {
            try
            {
                OptionsReader.Read<PipelineConfiguration>(Encoding.UTF8.GetString(bytes), "pipeline.json", []);
                return null;
            }
            catch (PipelineException error) when (error.Code != ExitCode.InvalidConfiguration)
            {
                return $"is told with {error.Code}: {error.Message}";
            }
        });
    }

    static byte[] Seal(byte[] damaged)
    {
        try
        {
            if (JsonNode.Parse(damaged) is not JsonObject node)
            {
                return damaged;
            }

            node.Remove("digest");
            node["digest"] = CanonicalJson.Digest(node);
            return ManifestFile.Format(node);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            // No JSON any more: it stays as it is.
            return damaged;
        }
    }

    static Manifest Sample(ManifestPart part) => new()
    {
        Artifact = "1-tables/a",
        Fingerprint = new('0', 64),
        Stage = "toy/a",
        StageVersion = 1,
        Synthetic = false,
        Bytes = 1,
        Parts = [part],
        Options = new JsonObject(),
        Parents = [new ManifestParent("raw:x", null, new('1', 64))],
        Facts = [],
        ToolVersion = "1",
        Simd = "avx2",
    };

    static string Digest(string path) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));

    sealed class Nobody : IStageListener
    {
        public void Progress(long done, long total, string unit)
        {
        }

        public void Log(string line)
        {
        }
    }
}
