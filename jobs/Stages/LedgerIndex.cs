using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Pipeline.Stages;

/// <summary>
/// The ledger as a page of runs needs it: a few words of every run in memory, its stages read from the file when they are asked for.
/// What was appended since is read at each call, all of it if the file is another one; a line that cannot be read hides only itself.
/// </summary>
public sealed class LedgerIndex(DataRoot root, TimeProvider clock)
{
    const int BlockBytes = 1 << 20;

    /// <summary>By so many bytes at the end of what was read a ledger is known again: they hold the name of a run, or an instant.</summary>
    const int MarkBytes = 256;

    readonly Ledger ledger = new(root, clock);
    readonly Lock gate = new();
    readonly Dictionary<string, Known> byName = new(StringComparer.Ordinal);
    readonly List<Known> inOrder = [];
    readonly Dictionary<string, List<LedgerEntry>> bySchedule = new(StringComparer.Ordinal);
    readonly Dictionary<(string Schedule, DateTimeOffset At), FailedFire> failedFires = [];
    readonly HashSet<string> words = new(StringComparer.Ordinal);
    readonly Dictionary<ulong, Maker> makers = [];
    byte[] mark = [];
    long length;
    int unreadable;

    /// <summary>Bytes of the ledger so far: another number means that something happened.</summary>
    public long Length
    {
        get
        {
            lock (gate)
            {
                Refresh();
                return length;
            }
        }
    }

    /// <summary>Lines that are torn or damaged, or of a later version.</summary>
    public int Unreadable
    {
        get
        {
            lock (gate)
            {
                Refresh();
                return unreadable;
            }
        }
    }

    /// <summary>All runs, the oldest first. One that says "running" while nobody holds its datasets has crashed.</summary>
    public IReadOnlyList<RunHeadline> Runs()
    {
        lock (gate)
        {
            Refresh();
            return [.. inOrder.Select(known => known.Headline!.State == RunState.Running ? Settled(known) : known.Headline)];
        }
    }

    /// <summary>What was written about a schedule, the starts of its runs among it, the oldest first.</summary>
    public IReadOnlyList<LedgerEntry> LinesOf(string schedule)
    {
        lock (gate)
        {
            Refresh();
            return bySchedule.TryGetValue(schedule, out var lines) ? [.. lines] : [];
        }
    }

    /// <summary>What schedules asked for and could not begin.</summary>
    public IReadOnlyList<FailedFire> FailedFires()
    {
        lock (gate)
        {
            Refresh();
            return [.. failedFires.Values];
        }
    }

    /// <summary>A run with its stages; null if there is none of that name.</summary>
    public RunRecord? Find(string run)
    {
        lock (gate)
        {
            Refresh();
            return byName.TryGetValue(run, out var known) && known.Headline is not null ? Read(known) : null;
        }
    }

    /// <summary>The run that made a generation, the last one where several did; null if no run has said so.</summary>
    /// <param name="generation">Name of its folder.</param>
    public Maker? MakerOf(string generation)
    {
        lock (gate)
        {
            Refresh();
            return KeyOf(generation) is { } key && makers.TryGetValue(key, out var made) ? made : null;
        }
    }

    /// <summary>What crashed stays crashed while it says nothing more.</summary>
    RunHeadline Settled(Known known)
    {
        if (known.CrashedAt != known.End && Read(known) is { Finished: null, State: not RunState.Running })
            known.CrashedAt = known.End;
        return known.CrashedAt == known.End ? known.Headline! with { State = RunRecord.StateOfBroken(known.Headline.IsCancelAsked) } : known.Headline!;
    }

    RunRecord? Read(Known known) => ledger.Settle(() =>
    {
        Refresh();
        using var file = Libc.Open(ledger.Path, Libc.ReadOnly);
        var bytes = new byte[known.End - known.First];
        return RunRecord.From([.. Ledger.Parse(bytes.AsSpan(0, Ledger.Fill(file, bytes, known.First))).Entries.Where(entry => entry.Run == known.Name)]);
    }) is [var record] ? record : null;

    void Refresh()
    {
        if (!File.Exists(ledger.Path))
        {
            Forget();
            return;
        }

        using var file = Libc.Open(ledger.Path, Libc.ReadOnly);
        var end = RandomAccess.GetLength(file);
        if (end < length || !EndsWithMark(file))
            Forget();
        var block = new byte[(int)Math.Min(BlockBytes, Math.Max(end - length, 0))];
        while (length < end)
        {
            var count = Ledger.Fill(file, block, length);
            var whole = block.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
            if (whole == 0)
            {
                // The last line is still being written; or it is longer than the block.
                if (length + count >= end)
                    return;
                block = new byte[block.Length * 2];
                continue;
            }

            Add(block.AsSpan(0, whole));
            mark = block.AsSpan(Math.Max(0, whole - MarkBytes), Math.Min(whole, MarkBytes)).ToArray();
        }
    }

    /// <summary>False if it is another file, or was made shorter and has grown again: it is read from its beginning then.</summary>
    bool EndsWithMark(SafeFileHandle file)
    {
        Span<byte> found = stackalloc byte[MarkBytes];
        found = found[..mark.Length];
        return Ledger.Fill(file, found, length - mark.Length) == mark.Length && found.SequenceEqual(mark);
    }

    /// <param name="lines">Whole ones.</param>
    void Add(ReadOnlySpan<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var start = length;
            var line = lines[..lines.IndexOf((byte)'\n')];
            lines = lines[(line.Length + 1)..];
            length += line.Length + 1;
            // A blank line says nothing, but it is so long.
            if (line.IsEmpty)
                continue;
            var reading = Ledger.Parse(line);
            unreadable += reading.Unreadable;
            if (reading.Entries is not [var entry])
                continue;
            if (entry.Schedule is { } schedule)
                Add(entry, schedule);
            if (entry.Run.Length > 0)
                Add(entry, start);
        }
    }

    void Add(LedgerEntry entry, long start)
    {
        if (entry is { Event: LedgerEvent.StageFinished, Made: { } made })
        {
            foreach (var key in made.Select(KeyOf).OfType<ulong>())
                makers[key] = new Maker(Share(entry.Run), entry.Time);
        }

        if (!byName.TryGetValue(entry.Run, out var known))
            byName.Add(entry.Run, known = new Known(entry.Run, start));
        known.End = length;
        if (entry.Event == LedgerEvent.RunStarted)
        {
            if (known.Headline is null)
                inOrder.Add(known);
            known.Headline = Share(RunRecord.From([entry])[0].Headline);
        }
        else if (known.Headline is { } headline)
        {
            known.Headline = entry.Event switch
            {
                LedgerEvent.RunFinished => headline with
                {
                    State = RunRecord.StateOf(entry.Exit),
                    Finished = entry.Time,
                    Exit = entry.Exit,
                    IsTransient = entry.IsTransient == true && !headline.IsCancelAsked,
                },
                LedgerEvent.CancelAsked => headline with { IsCancelAsked = true, IsTransient = false },
                LedgerEvent.StageFailed => headline with { Message = headline.Message ?? entry.Message },
                LedgerEvent.WebhookSent => headline with { IsTold = true },
                _ => headline,
            };
        }
    }

    void Add(LedgerEntry entry, string schedule)
    {
        if (!bySchedule.TryGetValue(schedule, out var lines))
            bySchedule.Add(schedule, lines = []);
        lines.Add(entry with { Arguments = null, Settings = null });
        // Of two servers that could not begin the same, the first says it.
        if (entry is { Event: LedgerEvent.ScheduleSkipped, Exit: { } exit })
            failedFires.TryAdd((schedule, entry.Due ?? entry.Time), new FailedFire(schedule, entry.Due, entry.Time, exit, entry.Reason));
        else if (entry is { Event: LedgerEvent.WebhookSent, Due: { } at } && failedFires.TryGetValue((schedule, at), out var fire))
            failedFires[(schedule, at)] = fire with { IsTold = true };
    }

    /// <summary>Thousands of nights say the same words: one copy of each is kept.</summary>
    RunHeadline Share(RunHeadline headline) => headline with { Datasets = [.. headline.Datasets.Select(Share)], Selection = [.. headline.Selection.Select(Share)] };

    string Share(string word)
    {
        if (words.TryGetValue(word, out var known))
            return known;
        words.Add(word);
        return word;
    }

    /// <summary>A name is 16 hexadecimal digits: as a number it takes a tenth of the memory.</summary>
    static ulong? KeyOf(string generation) =>
        generation.Length == DataRoot.NameLength && ulong.TryParse(generation, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var key) ? key : null;

    void Forget()
    {
        makers.Clear();
        mark = [];
        length = 0;
        unreadable = 0;
        byName.Clear();
        bySchedule.Clear();
        failedFires.Clear();
        inOrder.Clear();
    }

    /// <param name="first">Where its first line begins.</param>
    sealed class Known(string name, long first)
    {
        public string Name => name;

        public long First => first;

        /// <summary>Where its last line so far ends.</summary>
        public long End { get; set; }

        /// <summary>Null while its first line is lost.</summary>
        public RunHeadline? Headline { get; set; }

        /// <summary>The value of <see cref="End"/> with which it was last seen to have crashed.</summary>
        public long CrashedAt { get; set; } = -1;
    }
}

/// <summary>A run in a list of runs.</summary>
/// <param name="Run">"20261121-003512-417".</param>
/// <param name="Started">UTC.</param>
/// <param name="Finished">UTC; null while it runs and if it crashed.</param>
/// <param name="Message">Of the first stage that failed; null if none did.</param>
/// <param name="Schedule">That it belongs to; null for none.</param>
public sealed record RunHeadline(
    string Run,
    RunState State,
    IReadOnlyList<string> Datasets,
    IReadOnlyList<string> Selection,
    DateTimeOffset Started,
    DateTimeOffset? Finished,
    ExitCode? Exit,
    int? Pid,
    string? Message,
    string? Schedule)
{
    public string? Host { get; init; }

    /// <summary>One of the words of <see cref="RunCause"/>; null for a person's command line.</summary>
    public string? Origin { get; init; }

    /// <summary>True if `serve` started it and goes on with it if it crashes.</summary>
    public bool IsServed { get; init; }

    /// <summary>The run that it goes on with; null if it is no other's continuation.</summary>
    public string? Resumes { get; init; }

    /// <summary>True if somebody outside was told how it ended.</summary>
    public bool IsTold { get; init; }

    /// <summary>See <see cref="RunRecord.IsTransient"/>.</summary>
    public bool IsTransient { get; init; }

    /// <summary>True if a person asked it to stop.</summary>
    public bool IsCancelAsked { get; init; }
}

/// <param name="Run">"20261121-003512-417".</param>
/// <param name="Time">UTC: when its stage ended.</param>
public sealed record Maker(string Run, DateTimeOffset Time);

/// <summary>A run of a schedule that could not begin, and is not tried again.</summary>
/// <param name="Due">UTC: the instant that it is for; null if a person asked for it.</param>
/// <param name="Time">UTC: when that was known.</param>
/// <param name="Exit">What its process ended with.</param>
/// <param name="Message">Why; null if nobody said.</param>
public sealed record FailedFire(string Schedule, DateTimeOffset? Due, DateTimeOffset Time, ExitCode Exit, string? Message)
{
    /// <summary>UTC: what tells it from others of its schedule.</summary>
    public DateTimeOffset At => Due ?? Time;

    /// <summary>True if somebody outside was told of it.</summary>
    public bool IsTold { get; init; }
}
