using System.Text.Json;

namespace Pipeline.Stages;

/// <summary>About how large an artifact or a raw folder is, or will be.</summary>
/// <param name="Rows">0 where nobody counts them.</param>
public sealed record DataSize(long Bytes, long Rows = 0)
{
    static readonly Dictionary<string, long> Nothing = [];

    /// <summary>What others have to know besides: bytes of a file by its name, or a whole number that the stage notes as a fact.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = Nothing;

    /// <summary>0 of nothing.</summary>
    public double BytesPerRow => Rows == 0 ? 0 : (double)Bytes / Rows;

    /// <summary>0 if nothing is known of it.</summary>
    public long Count(string name) => Counts.GetValueOrDefault(name);

    public static DataSize Of(double bytes, double rows = 0) => new((long)bytes, (long)rows);

    public static DataSize Of(Manifest manifest)
    {
        var counts = manifest.Parts.ToDictionary(part => part.Path, part => part.Bytes, StringComparer.Ordinal);
        foreach (var (name, fact) in manifest.Facts)
        {
            if (fact?.GetValueKind() == JsonValueKind.Number && fact.AsValue().TryGetValue(out long count))
                counts[name] = count;
        }

        return new DataSize(manifest.Bytes, manifest.Rows ?? 0) { Counts = counts };
    }

    /// <summary>All files of some folders, as they lie there.</summary>
    public static DataSize Of(IEnumerable<RawFolder> folders)
    {
        var bytesOf = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            foreach (var name in folder.Files.Keys)
                bytesOf[name] = (long)(FileStamp.Of(Path.Combine(folder.Path, name))?.Size ?? 0);
        }

        return new DataSize(bytesOf.Values.Sum()) { Counts = bytesOf };
    }
}

/// <summary>How large a stage's inputs are: those that are there as they are, those that are still to be made by estimate.</summary>
/// <param name="artifacts">One seed of each.</param>
/// <param name="raw">All raw folders of the stage.</param>
public sealed class InputSizes(IReadOnlyDictionary<Artifact, DataSize> artifacts, DataSize raw)
{
    public DataSize Raw { get; } = raw;

    public DataSize Of(Artifact artifact) => artifacts[artifact];
}
