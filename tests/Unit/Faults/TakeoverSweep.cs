using System.Security.Cryptography;
using Pipeline.Stages;
using Pipeline.Unit.Host;

namespace Pipeline.Unit.Faults;

/// <summary>
/// Lets another take a dataset over before the n-th file operation of a command in it, so before every one that can be: also between each last
/// look at the lock and the rename after it. The other does its work to the end, then the first one goes on, as a machine that slept.
/// </summary>
/// <param name="command">Who stands still.</param>
/// <param name="rival">Who takes over.</param>
sealed class TakeoverSweep(SweptCommand command, string[] rival) : IDisposable
{
    readonly SweptWorld old = Prepared(command);

    /// <summary>The operations in the dataset at which the command holds the lock, from 1.</summary>
    public Range Held()
    {
        using var world = old.Copy();
        var counter = new Takeover(0, () => { });
        using (Files.Watch(counter))
            Require(world, command.Act);
        return counter.FirstHeld..counter.Count;
    }

    /// <returns>What does not hold, and whether the command was told that it lost the dataset.</returns>
    public (string? Finding, bool IsTold) Try(int at)
    {
        using var world = old.Copy();
        var dataset = Path.Combine(world.Data, "spotify");
        var left = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var takeover = new Takeover(at, () =>
        {
            // A lease that ran out: on a root that machines share, another may take a lock whose holder seems dead.
            File.Delete(Path.Combine(dataset, ".lock"));
            Require(world, rival);
            left = Everything(dataset);
        });
        CliResult result;
        using (Files.Watch(takeover))
            result = world.Run(command.Act);
        var found = Everything(dataset);
        var difference = left.Keys.Union(found.Keys).FirstOrDefault(path => left.GetValueOrDefault(path) != found.GetValueOrDefault(path));
        var about = $"{command.Name} at {at} ({takeover.Hit?.Replace(world.Data, "data")})";
        if (difference is not null)
            return ($"{about}: {difference} is {found.GetValueOrDefault(difference) ?? "absent"}, the other left {left.GetValueOrDefault(difference) ?? "nothing"}", false);
        return result.Code == ExitCode.Busy || (result.Code == ExitCode.Ok && !takeover.WantedMore)
            ? (null, result.Code == ExitCode.Busy)
            : ($"{about}: exit {result.Code}: {result.Error}", false);
    }

    public void Dispose() => old.Dispose();

    static SweptWorld Prepared(SweptCommand command)
    {
        var world = AllSweptCommands.Make();
        foreach (var before in command.Before)
            Require(world, before);
        return world;
    }

    static void Require(SweptWorld world, string[] args)
    {
        if (world.Run(args) is { Code: not ExitCode.Ok } failed)
            throw new InvalidOperationException($"pipeline {string.Join(' ', args)} exits with {failed.Code}: {failed.Error}");
    }

    /// <summary>Every file below a folder and every link, whatever it is for.</summary>
    public static SortedDictionary<string, string> Everything(string folder)
    {
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, MaxRecursionDepth = 8 };
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", all))
        {
            if (entry.LinkTarget is { } target)
                found[Path.GetRelativePath(folder, entry.FullName)] = $"-> {target}";
            else if (entry is FileInfo file)
                found[Path.GetRelativePath(folder, entry.FullName)] = Digest(file.FullName);
        }

        return found;

        static string Digest(string path)
        {
            // Not FileStream, which is refused where somebody holds the lock of the dataset.
            using var handle = Libc.Open(path, Libc.ReadOnly);
            var bytes = new byte[RandomAccess.GetLength(handle)];
            return Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, RandomAccess.Read(handle, bytes, 0))))[..16];
        }
    }

    /// <param name="at">0 for never.</param>
    sealed class Takeover(int at, Action act) : IFileFaults
    {
        readonly string inDataset = $"{Path.DirectorySeparatorChar}spotify{Path.DirectorySeparatorChar}";

        bool isOther;

        public int Count { get; private set; }

        /// <summary>The folder of a writer is made when the lock is taken.</summary>
        public int FirstHeld { get; private set; }

        public string? Hit { get; private set; }

        /// <summary>True if the first one tried to change something afterwards.</summary>
        public bool WantedMore { get; private set; }

        public FileFault? Before(FileOperation operation, string path)
        {
            // The ledger belongs to all datasets: who stands still while holding its lock holds up everybody, and nobody takes that over.
            if (isOther || !path.Contains(inDataset, StringComparison.Ordinal))
                return null;
            Count++;
            if (FirstHeld == 0 && path.Contains(".staging", StringComparison.Ordinal))
                FirstHeld = Count;
            if (Count == at)
            {
                Hit = $"{operation} {path}";
                isOther = true;
                act();
                isOther = false;
            }

            WantedMore |= Hit is not null && operation is not (FileOperation.Open or FileOperation.Flush);
            return null;
        }
    }
}
