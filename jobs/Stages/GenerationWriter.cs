using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Stages.Units;

namespace Pipeline.Stages;

/// <summary>Turns the folders that a stage filled into generations: parts hashed and on the disk, manifest last, then one rename each.</summary>
sealed class GenerationWriter(DataRoot root, string toolVersion, string simd)
{
    /// <summary>What a stage keeps to go on from is no part of the artifact: it goes once the manifest is there.</summary>
    const string CheckpointPrefix = "checkpoint";

    /// <summary>Ends the name of a checkpoint until it is whole: its writer may still have it open.</summary>
    const string BeingWritten = ".new";

    /// <summary>The unfinished folders of a node: emptied unless its stage goes on from what it left there.</summary>
    public IReadOnlyList<OutputFolder> Open(PlannedNode plan, Staging staging)
    {
        var outputs = new List<OutputFolder>();
        foreach (var artifact in plan.Node.Stage.Writes)
        {
            var earlier = new DirectoryInfo(root.EarlierPartial(plan.Node.Dataset, artifact, plan.Fingerprint));
            if (earlier is { Exists: true, LinkTarget: null })
                staging.TakeIn(earlier.FullName, artifact.Folder);
            var partial = staging.Partial(artifact, plan.Fingerprint);
            if (Directory.Exists(partial) && !(plan.Node.Stage.IsResumable && CanGoOn(partial)))
                staging.Remove(partial, artifact.Folder);
            staging.Make(artifact, plan.Fingerprint);
            UnitFolders.Adopt(partial);
            Files.Delete(Path.Combine(partial, ManifestFile.Name));
            outputs.Add(new OutputFolder(artifact, plan.Node.Seed, partial));
        }

        return outputs;
    }

    /// <summary>Deletes unfinished folders that nobody can go on from, which frees a full disk.</summary>
    public static void Discard(StageNode node, IReadOnlyList<OutputFolder> outputs, Staging staging)
    {
        foreach (var output in outputs.Where(output => !node.Stage.IsResumable && Directory.Exists(output.Path)))
            staging.Remove(output.Path, output.Artifact.Folder);
    }

    /// <summary>True if some writer left of a generation what its stage goes on from. For whoever does not hold the lock.</summary>
    public static bool IsLeft(DataRoot root, string dataset, Artifact artifact, string fingerprint) =>
        InUnfinished(root, dataset, artifact, fingerprint, partial => Left(partial).Count) > 0;

    /// <summary>Of what writers left of a generation. For whoever does not hold the lock.</summary>
    public static long BytesLeft(DataRoot root, string dataset, Artifact artifact, string fingerprint) =>
        InUnfinished(root, dataset, artifact, fingerprint, partial => Pruner.Size(new DirectoryInfo(partial)));

    static long InUnfinished(DataRoot root, string dataset, Artifact artifact, string fingerprint, Func<string, long> count)
    {
        var staging = new DirectoryInfo(root.Staging(dataset));
        try
        {
            IEnumerable<string> writers = staging is { Exists: true, LinkTarget: null } ? staging.EnumerateDirectories().Select(writer => writer.Name).Where(DataRoot.IsName) : [];
            return writers.Select(writer => root.Partial(dataset, writer, artifact, fingerprint)).Append(root.EarlierPartial(dataset, artifact, fingerprint))
                .Where(Directory.Exists).Sum(count);
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            // Taken over by a writer this moment, who goes on from it or finds that it is of no use.
            return 0;
        }
    }

    /// <summary>The files that a stage goes on from: of the last take of its unit, if others did it.</summary>
    public static IReadOnlyList<string> Left(string folder) =>
        [.. Directory.GetFiles(UnitFolders.Latest(folder) ?? folder, CheckpointPrefix + "*").Where(file => !file.EndsWith(BeingWritten, StringComparison.Ordinal))];

    /// <summary>Finishes all outputs of a node: first every manifest, then every rename.</summary>
    public IReadOnlyList<Manifest> Finish(PlannedNode plan, IReadOnlyList<OutputFolder> outputs, IReadOnlyList<InputFolder> inputs, Staging staging)
    {
        var stage = plan.Node.Stage;
        var isSynthetic = stage.IsSynthetic || stage.RawFolders.Any(RawFolder.IsGenerated) || inputs.Any(input => input.Manifest.Synthetic);
        var manifests = outputs.Select(output => Describe(plan, output, isSynthetic)).ToList();
        foreach (var (output, manifest) in outputs.Zip(manifests))
        {
            ManifestFile.Write(output.Path, manifest);
            foreach (var checkpoint in Checkpoints(output.Path))
                Files.Delete(checkpoint);
            Files.FlushFolder(output.Path);
        }

        foreach (var output in outputs)
            staging.Finish(output.Artifact, plan.Fingerprint);

        return manifests;
    }

    Manifest Describe(PlannedNode plan, OutputFolder output, bool isSynthetic)
    {
        var parts = Parts(plan, output);
        if (parts.Count == 0)
            throw new PipelineException(ExitCode.Bug, $"{plan.Node.Path} wrote no file into {output.Artifact.Folder}.");
        if (output.RowsOfPart.Keys.FirstOrDefault(part => parts.TrueForAll(known => known.Path != part)) is { } missing)
            throw new PipelineException(ExitCode.Bug, $"{plan.Node.Path} counted rows of {missing} in {output.Artifact.Folder}, but wrote no such file.");
        return new Manifest
        {
            Artifact = output.Artifact.Folder,
            Fingerprint = plan.Fingerprint,
            Stage = plan.Node.Path,
            StageVersion = plan.Node.Stage.Version,
            Seed = plan.Node.Seed,
            Synthetic = isSynthetic,
            Rows = output.RowsOfPart.Count > 0 ? output.RowsOfPart.Values.Sum() : null,
            Bytes = parts.Sum(part => part.Bytes),
            Schema = output.Schema,
            Parts = parts,
            Options = plan.Options.DeepClone(),
            Parents = plan.Parents,
            Facts = new JsonObject(output.Facts.Select(fact => KeyValuePair.Create(fact.Key, JsonSerializer.SerializeToNode(fact.Value, fact.Value.GetType())))),
            ToolVersion = toolVersion,
            Simd = simd,
        };
    }

    static List<ManifestPart> Parts(PlannedNode plan, OutputFolder output)
    {
        var parts = new List<ManifestPart>();
        Collect(new DirectoryInfo(output.Path), "");
        parts.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return parts;

        void Collect(DirectoryInfo folder, string prefix)
        {
            foreach (var entry in folder.EnumerateFileSystemInfos().ToList())
            {
                if (entry.LinkTarget is not null)
                    throw new PipelineException(ExitCode.Bug, $"{plan.Node.Path} wrote a link, {prefix}{entry.Name}, into {output.Artifact.Folder}. An artifact holds its own files.");
                if (entry is DirectoryInfo child)
                    Collect(child, $"{prefix}{child.Name}/");
                else if (prefix + entry.Name == ManifestFile.Name)
                    throw new PipelineException(ExitCode.Bug, $"{plan.Node.Path} wrote a {ManifestFile.Name} into {output.Artifact.Folder}; that name is taken.");
                else if (!IsCheckpoint(entry.Name))
                    parts.Add(Hash(entry.FullName, prefix + entry.Name, output.RowsOfPart));
            }

            Files.FlushFolder(folder.FullName);
        }
    }

    /// <summary>False for a folder that was finished but for its name: a manifest is there, and nothing to continue from.</summary>
    static bool CanGoOn(string partial) => !File.Exists(Path.Combine(partial, ManifestFile.Name)) || Checkpoints(partial).Count > 0;

    public static bool IsCheckpoint(string file) => file.StartsWith(CheckpointPrefix, StringComparison.Ordinal);

    static IReadOnlyList<string> Checkpoints(string folder) => Directory.GetFiles(folder, CheckpointPrefix + "*", SearchOption.AllDirectories);

    static ManifestPart Hash(string file, string path, IReadOnlyDictionary<string, long> rowsOfPart)
    {
        using var stream = Files.OpenRead(file);
        var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
        Files.Flush(stream.SafeFileHandle, file);
        CrashPoint.Reached(CrashPoint.PartWritten);
        return new ManifestPart(path, stream.Length, digest, rowsOfPart.TryGetValue(path, out var rows) ? rows : null);
    }
}
