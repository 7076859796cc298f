namespace Pipeline.Stages;

/// <summary>The unfinished generation of one artifact that a running stage fills. Becomes visible only when the stage ends well.</summary>
/// <param name="path">The `.partial` folder; every file the stage leaves in it becomes a part of the artifact.</param>
public sealed class OutputFolder(Artifact artifact, int? seed, string path)
{
    readonly Dictionary<string, long> rowsOfPart = new(StringComparer.Ordinal);

    public Artifact Artifact { get; } = artifact;

    /// <summary>Null for an artifact without seeds.</summary>
    public int? Seed { get; } = seed;

    /// <summary>Absolute path.</summary>
    public string Path { get; } = path;

    /// <summary>Null unless the artifact is a table.</summary>
    public IReadOnlyList<SchemaColumn>? Schema { get; private set; }

    /// <summary>Rows per part, for those parts that are tables. Keys are relative paths with forward slashes.</summary>
    public IReadOnlyDictionary<string, long> RowsOfPart => rowsOfPart;

    /// <summary>Facts about the data that end in the manifest (counts, rates), by name.</summary>
    public SortedDictionary<string, object> Facts { get; } = new(StringComparer.Ordinal);

    /// <summary>Absolute path of a file in this folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Says that a part is a table with so many rows. All parts of an artifact have one schema.</summary>
    public void AddTable(string part, IReadOnlyList<SchemaColumn> schema, long rows)
    {
        Schema = schema;
        rowsOfPart[part] = rows;
    }
}
