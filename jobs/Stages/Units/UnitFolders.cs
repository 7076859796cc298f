using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Stages.Units;

/// <summary>Where takers of units write: `units/ID-FENCE` in the unfinished generation. Whoever makes the generation makes and removes `units`.</summary>
public static class UnitFolders
{
    const string Name = "units";

    /// <summary>Lets takers write below an output.</summary>
    internal static void Prepare(OutputFolder output) => Libc.MakeFolder(Path.Combine(output.Path, Name));

    /// <summary>Makes the folder of one take. A resumable stage finds in it what was there last: of an earlier take, or of the generation.</summary>
    /// <exception cref="DirectoryNotFoundException">Nobody waits for the unit any more.</exception>
    internal static string Make(string partial, UnitTake take, bool isResumable)
    {
        var folder = Path.Combine(partial, Name, take.FolderName);
        if (!Libc.MakeFolder(folder))
        {
            // Left by a store that gave the same numbers before.
            Directory.Delete(folder, recursive: true);
            Libc.MakeFolder(folder);
        }

        if (isResumable)
        {
            foreach (var file in Directory.GetFiles(Latest(partial, take) ?? partial))
                CopyIfThere(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    /// <summary>All files on the disk, and what they are.</summary>
    internal static UnitOutput Describe(OutputFolder output)
    {
        var files = new List<UnitFile>();
        Collect(new DirectoryInfo(output.Path), "");
        files.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        var facts = output.Facts.Select(fact => KeyValuePair.Create(fact.Key, JsonSerializer.SerializeToNode(fact.Value, fact.Value.GetType())));
        return new UnitOutput(files, output.Schema, output.RowsOfPart, new JsonObject(facts));

        void Collect(DirectoryInfo folder, string prefix)
        {
            foreach (var child in folder.GetDirectories())
                Collect(child, $"{prefix}{child.Name}/");
            foreach (var file in folder.GetFiles().Where(file => !GenerationWriter.IsCheckpoint(file.Name)))
            {
                using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
                stream.Flush(flushToDisk: true);
                files.Add(new UnitFile(prefix + file.Name, stream.Length));
            }

            Libc.FlushFolder(folder.FullName);
        }
    }

    /// <summary>Deletes what a take left, if it is still there.</summary>
    public static void Delete(IEnumerable<string> folders)
    {
        foreach (var folder in folders.Where(Directory.Exists))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // Whoever makes the generation was faster.
                continue;
            }
        }
    }

    /// <summary>Takes all folders of takes out of sight in one step and deletes them: who still writes there fails.</summary>
    internal static void RemoveAll(string partial)
    {
        var units = Path.Combine(partial, Name);
        if (!Directory.Exists(units))
            return;
        var removed = partial[..^DataRoot.PartialSuffix.Length] + DataRoot.RemovedSuffix;
        if (Directory.Exists(removed))
            Directory.Delete(removed, recursive: true);
        Directory.Move(units, removed);
        Directory.Delete(removed, recursive: true);
    }

    /// <summary>Moves what the last take left into the unfinished generation itself, so that whoever goes on needs not know of takes.</summary>
    internal static void Adopt(string partial)
    {
        if (Latest(partial) is { } latest)
        {
            foreach (var file in Directory.GetFiles(latest))
                File.Move(file, Path.Combine(partial, Path.GetFileName(file)), overwrite: true);
        }

        RemoveAll(partial);
    }

    internal static string Of(string partial, UnitTake take) => Path.Combine(partial, Name, take.FolderName);

    /// <summary>The folder of the latest take that holds something to go on from; null if none does.</summary>
    /// <param name="besides">Not this one.</param>
    internal static string? Latest(string partial, UnitTake? besides = null)
    {
        var units = new DirectoryInfo(Path.Combine(partial, Name));
        return !units.Exists ? null : units.GetDirectories()
            .Where(folder => folder.Name != besides?.FolderName && folder.EnumerateFiles().Any(file => GenerationWriter.IsCheckpoint(file.Name)))
            .OrderByDescending(folder => Number(folder, 0)).ThenByDescending(folder => Number(folder, 1)).FirstOrDefault()?.FullName;
    }

    static long Number(DirectoryInfo folder, int index) =>
        long.TryParse(folder.Name.Split('-').ElementAtOrDefault(index), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The one who wrote it may still be there, and replace or delete it meanwhile.</summary>
    static void CopyIfThere(string from, string to)
    {
        if (!File.Exists(from))
            return;
        try
        {
            File.Copy(from, to, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return;
        }
    }
}
