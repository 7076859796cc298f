using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Kernels.Simd;

namespace Pipeline.Unit.Host;

/// <summary>
/// Ties each stage's version to its bytes: whoever changes what a stage writes must raise its version, or nightly runs would
/// take old generations for fresh ones.
/// </summary>
/// <remarks>
/// tests/Golden/stage-outputs.json holds, by stage, "version N WIDTH inputs FINGERPRINT": digest of what a small night writes. WIDTH is the vector width,
/// or "any" where no float kernel takes part. After a deliberate change put the lines that the failure prints into the file.
/// </remarks>
public class StageVersionTests
{
    [Fact]
    public void Bytes_of_a_stage_change_only_with_its_version()
    {
        using var night = new Nightly();
        Assert.Equal(0, (int)night.Run("run", "spotify", "hm", "vaccine-25x25").Code);
        var pinned = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "stage-outputs.json")))!;

        List<string> changed = [], unknown = [];
        foreach (var stage in night.Manifests().GroupBy(manifest => manifest.GetProperty("stage").GetString()!).OrderBy(stage => stage.Key, StringComparer.Ordinal))
        {
            var first = stage.First();
            var inputs = Digest(first.GetProperty("parents").EnumerateArray().Select(parent => parent.GetProperty("fingerprint").GetString()!));
            var key = $"version {first.GetProperty("stageVersion")} {Width(stage.Key)} inputs {inputs}";
            var digest = Digest(stage.SelectMany(Parts));
            var found = pinned.GetValueOrDefault(stage.Key)?.GetValueOrDefault(key);
            if (found != digest)
            {
                (found is null ? unknown : changed).Add($"  \"{stage.Key}\": {{ \"{key}\": \"{digest}\" }}");
            }
        }

        Assert.True(changed.Count == 0, "These stages write other bytes from the same inputs. Raise their versions:\n" + string.Join(",\n", changed));
        Assert.True(unknown.Count == 0, "The versions or inputs of these stages are new. Pin what they write:\n" + string.Join(",\n", unknown));
    }

    static string Width(string stage)
    {
        var parts = stage.Split('/');
        var isModel = parts[1] is "train" or "export" or "report" || parts is [_, "score", "mamba" or "transformer"];

        // What is drawn there depends on clusters, and these on sums of floats.
        var isClustered = parts[0].StartsWith("vaccine", StringComparison.Ordinal) && parts[1] is not ("sample" or "ingest" or "features");
        return isModel || isClustered ? SimdLevel.Name : "any";
    }

    static IEnumerable<string> Parts(JsonElement manifest) => manifest.GetProperty("parts").EnumerateArray().Select(part =>
        $"{manifest.GetProperty("artifact")} {part.GetProperty("path")} {part.GetProperty("sha256")}");

    static string Digest(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines.Order(StringComparer.Ordinal)))))[..16];
}
