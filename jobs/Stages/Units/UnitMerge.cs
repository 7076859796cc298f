using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Stages.Units;

/// <summary>Puts the files of the takes that count together into outputs, as one call of the stage would have left them.</summary>
public static class UnitMerge
{
    /// <summary>Lets takers write below the outputs.</summary>
    public static void Prepare(StageWork work, StageContext context)
    {
        foreach (var output in Outputs(work, context))
            UnitFolders.Prepare(output);
    }

    /// <param name="takes">The one take of each unit that counts, in the order of the shards.</param>
    /// <exception cref="PipelineException">A file is not as its maker described it (InputMissing), or shards contradict each other (Bug).</exception>
    public static void Into(StageWork work, StageContext context, IReadOnlyList<(UnitTake Take, UnitResult Result)> takes)
    {
        var joined = work.Stage is IShardedStage sharded ? sharded.JoinedFiles : [];
        foreach (var (index, output) in Outputs(work, context).Index())
        {
            Merge(output, joined, takes.Select(take => (UnitFolders.Of(output.Path, take.Take), take.Result.Outputs[index])));
            UnitFolders.RemoveAll(output.Path);
        }

        foreach (var line in takes.SelectMany(take => take.Result.Log))
            context.Log(line);
    }

    static IEnumerable<OutputFolder> Outputs(StageWork work, StageContext context) => work.Stage.Writes.Select(artifact =>
        work.Stage.Seeds == SeedScope.Each ? context.Output(artifact, work.Seeds.Single()) : context.Output(artifact));

    static void Merge(OutputFolder output, IReadOnlyList<string> joined, IEnumerable<(string Folder, UnitOutput Made)> units)
    {
        var placed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (folder, made) in units)
        {
            foreach (var file in made.Files)
            {
                var from = Path.Combine(folder, file.Path);
                Check(from, file.Bytes);
                Files.MakeFolders(output.Path, Path.GetDirectoryName(file.Path)!);
                Place(from, output.File(file.Path), isFirst: placed.Add(file.Path), joined.Contains(file.Path));
            }

            foreach (var (part, rows) in made.Rows)
                output.AddTable(part, made.Schema!, rows);
            AddFacts(output, made.Facts);
        }
    }

    static void Check(string path, long bytes)
    {
        var found = new FileInfo(path);
        if (!found.Exists || found.Length != bytes)
            throw new PipelineException(
                ExitCode.InputMissing,
                $"{path} {(found.Exists ? $"has {found.Length} bytes" : "is missing")}, but a worker wrote {bytes} bytes there. Do all machines see the same folder?");
    }

    static void Place(string from, string to, bool isFirst, bool isJoined)
    {
        if (!isFirst && !isJoined)
            throw new PipelineException(ExitCode.Bug, $"Two shards wrote {to}.");
        if (isFirst)
        {
            // Over what an earlier attempt may have left there.
            File.Move(from, to, overwrite: true);
            return;
        }

        using var source = File.OpenRead(from);
        using var target = new FileStream(to, FileMode.Append, FileAccess.Write);
        source.CopyTo(target);
    }

    static void AddFacts(OutputFolder output, JsonObject facts)
    {
        foreach (var (name, value) in facts)
        {
            var element = JsonSerializer.SerializeToElement(value);
            if (!output.Facts.TryAdd(name, element) && !JsonElement.DeepEquals((JsonElement)output.Facts[name], element))
                throw new PipelineException(ExitCode.Bug, $"Shards of {output.Artifact.Folder} contradict each other in {name}: {output.Facts[name]} and {element}.");
        }
    }
}
