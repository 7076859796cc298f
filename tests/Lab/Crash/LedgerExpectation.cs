using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>What a ledger has to tell in the end, whatever happened meanwhile.</summary>
/// <param name="unbroken">The lines of the same scenario when nobody attacked it.</param>
sealed class LedgerExpectation(IReadOnlyList<LedgerEntry> unbroken)
{
    readonly HashSet<string> decisions = [.. unbroken.Select(Decision).OfType<string>()];
    readonly Dictionary<string, HashSet<string>> stagesOf = Runs(unbroken)
        .GroupBy(run => SelectionOf(run[0]), run => StagesOf(run)).ToDictionary(runs => runs.Key, runs => runs.Last(), StringComparer.Ordinal);

    /// <summary>What is missing or torn, once all is over.</summary>
    public IEnumerable<(string Kind, string What)> Findings(LedgerReading ledger)
    {
        if (ledger.Unreadable > 0)
        {
            yield return ("partial", $"{ledger.Unreadable} lines of the ledger cannot be read");
        }

        foreach (var missing in decisions.Except(ledger.Entries.Select(Decision).OfType<string>()))
        {
            yield return ("lost", $"the ledger does not tell: {missing}");
        }
    }

    /// <summary>What is missing of a run that ended well.</summary>
    /// <param name="pid">Of its process.</param>
    public IEnumerable<string> MissingOfRun(LedgerReading ledger, int pid)
    {
        if (Runs(ledger.Entries).LastOrDefault(run => run[0].Pid == pid) is not { } lines)
        {
            yield return "that it started";
            yield break;
        }

        if (lines[^1] is not { Event: LedgerEvent.RunFinished, Exit: ExitCode.Ok })
        {
            yield return "that it finished";
        }

        foreach (var stage in stagesOf.GetValueOrDefault(SelectionOf(lines[0]), []).Except(StagesOf(lines)))
        {
            yield return $"how {stage} ended";
        }

        foreach (var stage in StagesOf(lines, LedgerEvent.StageFinished).Except(StagesOf(lines, LedgerEvent.StageStarted)))
        {
            yield return $"that {stage} started";
        }
    }

    static IEnumerable<List<LedgerEntry>> Runs(IReadOnlyList<LedgerEntry> entries) =>
        entries.Where(entry => entry.Run.Length > 0).GroupBy(entry => entry.Run).Select(run => run.ToList()).Where(run => run[0].Event == LedgerEvent.RunStarted);

    static string SelectionOf(LedgerEntry started) => string.Join(' ', started.Selection ?? []);

    static HashSet<string> StagesOf(IReadOnlyList<LedgerEntry> run, params IReadOnlyList<LedgerEvent> events) =>
    [
        .. run.Where(line => (events.Count > 0 ? events : [LedgerEvent.StageFinished, LedgerEvent.StageSkipped]).Contains(line.Event))
            .SelectMany(line => line.Seeds is { Count: > 0 } seeds ? seeds.Select(seed => $"{line.Stage} of seed {seed}") : [$"{line.Stage}"]),
    ];

    /// <summary>Null for lines that a broken run need not repeat.</summary>
    static string? Decision(LedgerEntry entry) => entry.Event is LedgerEvent.Published or LedgerEvent.RolledBack or LedgerEvent.Released
        ? $"{entry.Event} {string.Join(' ', entry.Datasets ?? [])}: "
            + string.Join(", ", (entry.Generations ?? new Dictionary<string, string>()).Select(pair => $"{pair.Key} {pair.Value}").Order(StringComparer.Ordinal))
        : null;
}
