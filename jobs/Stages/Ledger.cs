using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Stages;

/// <summary>
/// `ledger.jsonl` in the data root: what every run did and when. Lines are only ever appended, each on the disk before the run goes
/// on. A line that cannot be read (torn by a power cut) hides only itself.
/// </summary>
public sealed class Ledger(DataRoot root, TimeProvider clock)
{
    const int BlockBytes = 1 << 18;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<LedgerEvent>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public string Path { get; } = System.IO.Path.Combine(root.Path, "ledger.jsonl");

    /// <summary>Writes the first line of a run and gives the run its name: the time, "20261121-003512-417", later if that is taken.</summary>
    /// <exception cref="PipelineException">The schedule's run of that due instant and attempt was begun before (Busy).</exception>
    public string Begin(LedgerEntry entry)
    {
        using var file = OpenToAppend();
        // Looked up and written under one lock: of two processes that start the same fire, one begins it.
        if (entry.Origin == RunCause.OfSchedule && Parse(ReadBytes(file)).Entries.FirstOrDefault(line => IsSameFire(line, entry)) is { } earlier)
            throw new PipelineException(ExitCode.Busy, $"The run of schedule {entry.Schedule} that was due at {entry.Due:yyyy-MM-dd HH:mm:ss} UTC was begun before, as run {earlier.Run}. See: pipeline runs show {earlier.Run}");
        var now = clock.GetUtcNow();
        var name = NameOf(now);
        for (var time = now; IsTaken(file, name); name = NameOf(time))
            time = time.AddMilliseconds(1);
        Add(file, entry with { Run = name, Time = now });
        return name;
    }

    /// <summary>Adds a line, with the present time.</summary>
    public void Append(LedgerEntry entry)
    {
        using var file = OpenToAppend();
        Add(file, entry with { Time = clock.GetUtcNow() });
    }

    /// <summary>All lines that can be read, in the order of writing.</summary>
    public LedgerReading Read()
    {
        if (!File.Exists(Path))
            return new LedgerReading([], 0);
        using var file = Libc.Open(Path, Libc.ReadOnly);
        return Parse(ReadBytes(file));
    }

    /// <summary>All runs, the oldest first. One that says "running" while nobody holds its datasets has crashed.</summary>
    public IReadOnlyList<RunRecord> Runs() => Settle(() => RunRecord.From(Read().Entries));

    /// <summary>The runs that <paramref name="read"/> gives, those that crashed told from those that run.</summary>
    internal IReadOnlyList<RunRecord> Settle(Func<IReadOnlyList<RunRecord>> read)
    {
        // Lines before locks: a run that ends in between is seen as running, never as crashed, if its last line is read again.
        var runs = read();
        if (!runs.Any(run => run.State == RunState.Running))
            return runs;
        var holders = runs.Where(run => run.State == RunState.Running).SelectMany(run => run.Datasets).Distinct(StringComparer.Ordinal)
            .ToDictionary(dataset => dataset, dataset => DatasetLock.Holder(root, dataset), StringComparer.Ordinal);
        return [.. read().Select(run => run.State == RunState.Running && !run.Datasets.Any(dataset => IsHeldBy(run, dataset)) ? run.AsBroken() : run)];

        bool IsHeldBy(RunRecord run, string dataset) => !holders.TryGetValue(dataset, out var holder) || (holder is not null && IsOf(holder, run));

        // Before a run has its name, its process tells it from others that hold the dataset now: a rollback, prune, a run that is only starting.
        // One that has not signed yet holds a lock that still names the last holder: if that is dead, its run is not running.
        static bool IsOf(LockHolder holder, RunRecord run) => holder.Run is null
            ? holder.Pid == 0 || (holder.Pid == run.Pid && holder.Host == run.Host)
            : holder.Run == run.Run && (holder.Host != Environment.MachineName || Libc.IsProcess(holder.Pid));
    }

    static bool IsSameFire(LedgerEntry line, LedgerEntry entry) =>
        line.Event == LedgerEvent.RunStarted && line.Origin == RunCause.OfSchedule && line.Schedule == entry.Schedule && line.Due == entry.Due && line.Attempt == entry.Attempt;

    static string NameOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);

    /// <summary>Holds the file's lock until it is closed, so that lines of two processes do not mix.</summary>
    SafeFileHandle OpenToAppend()
    {
        Files.CreateFolder(root.Path);
        if (!File.Exists(Path))
            Create();
        var file = Libc.Open(Path, Libc.ReadWrite, append: true);
        Libc.TryLock(file, Libc.LockExclusive, Path);
        return file;
    }

    void Create()
    {
        try
        {
            Files.Create(Path, isNew: true).Dispose();
            Files.FlushFolder(root.Path);
        }
        catch (IOException) when (File.Exists(Path))
        {
            // Another process was first.
            return;
        }
    }

    void Add(SafeFileHandle file, LedgerEntry entry)
    {
        var length = RandomAccess.GetLength(file);
        Span<byte> last = [(byte)'\n'];
        if (length > 0)
            RandomAccess.Read(file, last, length - 1);
        byte[] line = [.. last[0] == '\n' ? [] : "\n"u8, .. JsonSerializer.SerializeToUtf8Bytes(entry, Json), (byte)'\n'];
        CrashPoint.Reached(CrashPoint.LedgerBefore);
        Files.Write(file, Path, line, length);
        Files.Flush(file, Path);
        CrashPoint.Reached(CrashPoint.LedgerAfter);
    }

    /// <summary>Looks for the name as it is written in a line, without reading the lines: after years of nights they are many.</summary>
    static bool IsTaken(SafeFileHandle file, string name)
    {
        var wanted = Encoding.ASCII.GetBytes($"\"run\":\"{name}\"");
        var block = new byte[BlockBytes];
        var kept = 0;
        for (var at = 0L; RandomAccess.Read(file, block.AsSpan(kept), at) is var count and > 0; at += count)
        {
            var filled = block.AsSpan(0, kept + count);
            if (filled.IndexOf(wanted) >= 0)
                return true;

            // The name may begin in this block and end in the next.
            kept = Math.Min(wanted.Length - 1, filled.Length);
            filled[^kept..].CopyTo(block);
        }

        return false;
    }

    static byte[] ReadBytes(SafeFileHandle file)
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        return bytes[..Fill(file, bytes, 0)];
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>How many bytes were read.</returns>
    internal static int Fill(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        var filled = 0;
        while (filled < bytes.Length && RandomAccess.Read(file, bytes[filled..], offset + filled) is var count and > 0)
            filled += count;
        return filled;
    }

    /// <summary>A run names its log, a dataset, an artifact and a generation their folders: none may lead elsewhere. No list has a hole.</summary>
    static bool IsSound(LedgerEntry entry) =>
        (entry.Run is "" || PartFile.IsWord(entry.Run)) && (entry.Datasets ?? []).All(PartFile.IsWord)
        && !(entry.Selection ?? []).Concat(entry.Settings ?? []).Concat(entry.Arguments ?? []).Concat(entry.Generations?.Values ?? []).Concat(entry.Made ?? []).Contains(null!)
        && (entry.Generations ?? new Dictionary<string, string>()).All(each => PartFile.IsName(each.Key) && (DataRoot.IsName(each.Value) || entry.Event == LedgerEvent.Released))
        && (entry.Made ?? []).All(DataRoot.IsName);

    internal static LedgerReading Parse(ReadOnlySpan<byte> bytes)
    {
        var entries = new List<LedgerEntry>();
        var unreadable = 0;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range];
            if (line.IsEmpty)
                continue;
            try
            {
                if (JsonSerializer.Deserialize<LedgerEntry>(line, Json) is { } entry && IsSound(entry))
                    entries.Add(entry);
                else
                    unreadable++;
            }
            catch (JsonException)
            {
                unreadable++;
            }
        }

        return new LedgerReading(entries, unreadable);
    }
}

/// <param name="Unreadable">Lines that are torn or damaged.</param>
public sealed record LedgerReading(IReadOnlyList<LedgerEntry> Entries, int Unreadable);
