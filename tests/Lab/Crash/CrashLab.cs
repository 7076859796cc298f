using System.Diagnostics;
using System.Globalization;
using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>Prepares the scenarios and plays rounds of them, several at once, each in a folder and with a stream of chance of its own.</summary>
sealed class CrashLab : IDisposable
{
    /// <summary>In which all named points are met.</summary>
    const int NightsPerScenario = 3;

    /// <summary>A point is passed at most about so often in a night.</summary>
    const int MostVisitsExponent = 6;

    readonly DirectoryInfo folder = LabFolder.Create();
    readonly int seed;
    readonly Findings findings;
    readonly Lock gate = new();
    readonly Scenario[] scenarios;

    public CrashLab(int seed, Findings findings)
    {
        (this.seed, this.findings) = (seed, findings);
        var fresh = Prepare("fresh", from: null, [1], 6, AllScripts.FirstNight, mostKills: 8);
        var first = new Ledger(new DataRoot(DataOf(fresh.Name)), TimeProvider.System).Runs()[0].Run;
        var second = Prepare("second night", fresh, [2, 1], 8, AllScripts.SecondNight(first), mostKills: 8);
        scenarios = [fresh, second, Prepare("desk", second, [2, 1], 8, AllScripts.Desk(first), mostKills: 16)];
    }

    /// <summary>Kills at random moments until so many processes died.</summary>
    public int Kill(int wanted)
    {
        int left = wanted, rounds = 0;
        InParallel(() =>
        {
            while (true)
            {
                int number, most;
                RandomStream chance;
                Scenario scenario;
                lock (gate)
                {
                    if (left == 0)
                    {
                        return;
                    }

                    number = ++rounds;
                    chance = new RandomStream(seed, "crash lab", (uint)number);
                    scenario = scenarios[chance.NextInt(scenarios.Length)];
                    most = Math.Min(left, 1 + chance.NextInt(scenario.MostKills));
                    left -= most;
                }

                var killed = Play(number, scenario, chance, round => round.KillAtRandom(most));
                lock (gate)
                {
                    // What survived is left for another round.
                    left += most - killed;
                    Console.Error.WriteLine($"{wanted - left:N0} of {wanted:N0} kills, {rounds:N0} rounds, {findings.Total:N0} findings");
                }
            }
        });
        return wanted;
    }

    /// <summary>Lets commands kill themselves at named points, in rounds of their own per scenario.</summary>
    /// <param name="points">NAME or NAME:n.</param>
    /// <param name="isTwice">True: at a later visit, too.</param>
    /// <param name="unreached">The points at which nothing died.</param>
    public int CrashAt(IReadOnlyList<string> points, bool isTwice, out IReadOnlyList<string> unreached)
    {
        var waiting = new Queue<(IReadOnlyList<string> Points, Scenario Scenario)>(scenarios.SelectMany(scenario => Groups(points, scenario).Select(group => (group, scenario))));
        var reached = new HashSet<string>(StringComparer.Ordinal);
        int rounds = 0, sum = 0;
        InParallel(() =>
        {
            while (true)
            {
                (IReadOnlyList<string> Points, Scenario Scenario) next;
                int number;
                lock (gate)
                {
                    if (!waiting.TryDequeue(out next))
                    {
                        return;
                    }

                    number = ++rounds;
                }

                var chance = new RandomStream(seed, "crash points", (uint)number);
                IReadOnlyList<string> visits = [.. next.Points, .. isTwice ? next.Points.Select(point => Later(point, chance)) : []];
                HashSet<string> died = [];
                var killed = Play(number, next.Scenario, chance, round =>
                {
                    round.CrashAt(visits);
                    died = round.Reached;
                });
                lock (gate)
                {
                    sum += killed;
                    reached.UnionWith(died);

                    // A point that a night never passes ends it well, and those behind it have not been tried.
                    if (next.Points.SkipWhile(died.Contains).Skip(1).ToList() is { Count: > 0 } untried)
                    {
                        waiting.Enqueue((untried, next.Scenario));
                    }

                    Console.Error.WriteLine($"{next.Scenario.Name}: {string.Join(", ", visits.Select(visit => died.Contains(visit) ? visit : $"({visit})"))}; {findings.Total:N0} findings");
                }
            }
        });
        unreached = [.. points.Where(point => !reached.Contains(point))];
        return sum;
    }

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>A night can die at one point after the other, which saves most of the nights; a command that is soon over meets one of them.</summary>
    static IEnumerable<IReadOnlyList<string>> Groups(IReadOnlyList<string> points, Scenario scenario) => scenario.Script.Count > 1
        ? points.Select(point => (IReadOnlyList<string>)[point])
        : points.Index().GroupBy(point => point.Index % NightsPerScenario, point => point.Item).Select(group => (IReadOnlyList<string>)[.. group]);

    static string Later(string point, RandomStream chance) =>
        $"{point}:{(2 + chance.NextInt(1 << chance.NextInt(MostVisitsExponent))).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>On threads of their own: they wait for processes most of the time.</summary>
    static void InParallel(Action work) => Task.WaitAll(Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, 4))
        .Select(_ => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray());

    int Play(int number, Scenario scenario, RandomStream chance, Action<Round> attack)
    {
        var mini = Open($"round {number}", scenario);
        int killed;
        using (var round = new Round($"round {number} ({scenario.Name})", scenario, mini, chance, findings))
        {
            attack(round);
            killed = round.Killed;
        }

        Directory.Delete(mini.Folder, recursive: true);
        return killed;
    }

    /// <summary>An undisturbed round, to compare with, and how long it takes.</summary>
    Scenario Prepare(string name, Scenario? from, int[] seeds, int steps, IReadOnlyList<Step> script, int mostKills)
    {
        var scenario = new Scenario { Name = name, Start = from is null ? null : DataOf(from.Name), Seeds = seeds, Steps = steps, Script = script, MostKills = mostKills };
        var mini = Open(name, scenario);
        var start = mini.Ledger.Read().Entries.Count;
        var outcomes = script.Select(step => Undisturbed(mini, step.Words)).ToList();
        var expected = Tree.Of(mini.Data);
        var told = new LedgerExpectation(mini.Ledger.Read().Entries);
        var pruned = Open($"{name}, pruned", scenario with { Start = mini.Data });
        Undisturbed(pruned, ["prune"]);
        return scenario with { Outcomes = outcomes, Expected = expected, ExpectedPruned = Tree.Of(pruned.Data), LinesAtStart = start, Told = told };
    }

    static StepOutcome Undisturbed(MiniPipeline mini, IReadOnlyList<string> words)
    {
        var clock = Stopwatch.StartNew();
        var lines = mini.Ledger.Read().Entries.Count;
        using var child = mini.Start(words);
        var code = child.Wait();
        return code == 0
            ? new StepOutcome((int)clock.ElapsedMilliseconds, mini.Ledger.Read().Entries.Count - lines, Tree.Shown(mini.Data))
            : throw new InvalidOperationException($"Undisturbed, pipeline {child.Command} exits with {code}: {child.LastWords}");
    }

    MiniPipeline Open(string name, Scenario scenario)
    {
        var mini = new MiniPipeline(folder.CreateSubdirectory(name).FullName);
        mini.Configure(scenario.Seeds, scenario.Steps);
        if (scenario.Start is not null)
        {
            Tree.Copy(scenario.Start, mini.Data);
        }

        return mini;
    }

    string DataOf(string name) => new MiniPipeline(Path.Combine(folder.FullName, name)).Data;
}
