using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Stages;

/// <summary>
/// Reads and writes manifest.json. Its field `digest` is the SHA-256 of the canonical JSON of all other fields, and its text is
/// exactly what we would write, so that no byte of it can change unnoticed.
/// </summary>
public static class ManifestFile
{
    public const string Name = "manifest.json";

    const string DigestName = "digest";

    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Writes it into a folder and waits until it is on the disk.</summary>
    public static void Write(string folder, Manifest manifest)
    {
        var node = JsonSerializer.SerializeToNode(manifest, Json)!.AsObject();
        node[DigestName] = CanonicalJson.Digest(node);
        CrashPoint.Reached(CrashPoint.ManifestBefore);
        using (var file = Files.Create(Path.Combine(folder, Name)))
        {
            file.Write(Format(node));
            Files.Flush(file);
        }

        CrashPoint.Reached(CrashPoint.ManifestAfter);
    }

    /// <exception cref="PipelineException">It is missing or damaged (InputMissing).</exception>
    public static Manifest Read(string folder) =>
        TryRead(folder, out var problem) ?? throw new PipelineException(ExitCode.InputMissing, $"{Path.Combine(folder, Name)} {problem}.");

    /// <summary>Null if it is missing or damaged; then <paramref name="problem"/> says so, to follow the file's name: "is missing".</summary>
    public static Manifest? TryRead(string folder, out string problem)
    {
        byte[] bytes;
        try
        {
            bytes = Files.ReadAllBytes(Path.Combine(folder, Name));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = "is missing";
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"cannot be read ({error.Message.TrimEnd('.')})";
            return null;
        }

        try
        {
            problem = "";
            if (JsonNode.Parse(bytes) is JsonObject node
                && bytes.AsSpan().SequenceEqual(Format(node))
                && node[DigestName] is { } digest && node.Remove(DigestName) && (string?)digest == CanonicalJson.Digest(node))
                return Checked(node.Deserialize<Manifest>(Json));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            problem = $"is damaged ({error.Message.TrimEnd('.')})";
            return null;
        }

        problem = "is damaged (its digest does not fit)";
        return null;
    }

    /// <summary>Whoever can write a manifest can give it a digest, too: its names must not lead anywhere else.</summary>
    static Manifest? Checked(Manifest? manifest)
    {
        if (manifest is null)
            return null;
        if (!manifest.Parts.All(part => part is not null && PartFile.IsName(part.Path)))
            throw new JsonException("a name of its parts is none");
        return manifest.Parents.All(ManifestParent.IsSound) ? manifest : throw new JsonException("a name or fingerprint of its parents is none");
    }

    internal static byte[] Format(JsonObject node) => Encoding.UTF8.GetBytes(node.ToJsonString(Json) + "\n");
}
