using System.Diagnostics;
using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>
/// Rounds of kills. Each round has a data root of its own, empty or with an earlier night in it; a run there is killed one to three times,
/// goes on, and in the end has to hold what an unbroken run leaves, byte for byte.
/// </summary>
sealed class CrashLab : IDisposable
{
    readonly DirectoryInfo folder = LabFolder.Create();
    readonly RandomStream chance;
    readonly Findings findings;
    readonly Scenario[] scenarios;
    int rounds;

    public CrashLab(int seed, Findings findings)
    {
        this.findings = findings;
        chance = new RandomStream(seed, "crash lab");
        scenarios = [Prepare("fresh", from: null, [1], 6), Prepare("second night", from: "fresh", [2, 1], 8)];
    }

    /// <summary>Kills at random moments until so many processes died.</summary>
    public int Kill(int wanted)
    {
        var killed = 0;
        while (killed < wanted)
        {
            var most = Math.Min(wanted - killed, 1 + chance.NextInt(3));
            killed += Round(scenarios[chance.NextInt(scenarios.Length)], (mini, scenario, onlooker) => KillSome(mini, scenario, onlooker, most));
            Console.Error.WriteLine($"{killed:N0} of {wanted:N0} kills, {rounds:N0} rounds, {findings.Total:N0} findings");
        }

        return killed;
    }

    /// <summary>Lets runs kill themselves at named points, each in a round of its own per scenario.</summary>
    public int CrashAt(IReadOnlyList<string> points)
    {
        var killed = 0;
        foreach (var (point, scenario) in points.SelectMany(point => scenarios.Select(scenario => (point, scenario))))
        {
            var died = Round(scenario, (mini, _, onlooker) =>
            {
                using var run = mini.Start("run", ("PIPELINE_CRASH_AT", point));
                var code = run.Wait();
                onlooker.Look();
                return code == Child.KilledCode ? 1 : Expect(0, code, run, point);
            });
            killed += died;
            Console.Error.WriteLine($"{point}, {scenario.Name}: {(died > 0 ? "crashed and went on" : "was not reached")}");
        }

        return killed;
    }

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>An unbroken run, to compare with, and how long it takes.</summary>
    Scenario Prepare(string name, string? from, int[] seeds, int steps)
    {
        var start = from is null ? null : Path.Combine(folder.FullName, from, "data");
        var mini = Open(name, start, seeds, steps);
        var clock = Stopwatch.StartNew();
        using var run = mini.Start("run");
        var code = run.Wait();
        if (code != 0)
        {
            throw new InvalidOperationException($"The unbroken run ({name}) exits with {code}: {run.LastWords}");
        }

        return new Scenario(name, start, seeds, steps, Tree.Of(mini.Data), (int)clock.ElapsedMilliseconds, new Ledger(new DataRoot(mini.Data), TimeProvider.System).Read().Entries.Count);
    }

    MiniPipeline Open(string name, string? start, int[] seeds, int steps)
    {
        var mini = new MiniPipeline(folder.CreateSubdirectory(name).FullName);
        mini.Configure(seeds, steps);
        if (start is not null)
        {
            Tree.Copy(start, mini.Data);
        }

        return mini;
    }

    int Round(Scenario scenario, Func<MiniPipeline, Scenario, Onlooker, int> attack)
    {
        var name = $"round {++rounds} ({scenario.Name})";
        var mini = Open(name, scenario.Start, scenario.Seeds, scenario.Steps);
        int killed;
        using (var onlooker = new Onlooker(mini.Data, name, findings))
        {
            killed = attack(mini, scenario, onlooker);
            Finish(mini, name);
            onlooker.Look();
        }

        foreach (var difference in Tree.Differences(scenario.Expected, Tree.Of(mini.Data)))
        {
            findings.Add("differs", $"{name}: {difference}");
        }

        Directory.Delete(mini.Folder, recursive: true);
        return killed;
    }

    int KillSome(MiniPipeline mini, Scenario scenario, Onlooker onlooker, int most)
    {
        var killed = 0;
        for (var attempt = 0; attempt < most; attempt++)
        {
            using var run = mini.Start(CommandFor(mini));
            using var rival = chance.NextInt(6) == 0 ? mini.Start("run") : null;
            WaitForMoment(mini, scenario, run);
            if (chance.NextInt(4) == 0 && run.TryStop())
            {
                onlooker.Look();
                ExpectBusy(mini, rival);
                if (chance.NextInt(2) == 0)
                {
                    run.Go();
                    WaitForMoment(mini, scenario, run);
                }
            }

            if (!run.HasExited)
            {
                run.Kill();
            }

            var code = run.Wait();
            killed += code == Child.KilledCode ? 1 : Expect(0, code, run, "a run that nobody killed", rival is not null);
            if (rival is not null)
            {
                Expect(0, rival.Wait(), rival, "the other of two at once", isBusyRight: true);
            }

            onlooker.Look();
        }

        return killed;
    }

    /// <summary>Half of the moments are even over time, half come a little after a random line of the ledger: where a stage begins or ends.</summary>
    void WaitForMoment(MiniPipeline mini, Scenario scenario, Child run)
    {
        var clock = Stopwatch.StartNew();
        var limit = scenario.Milliseconds * 2;
        if (chance.NextInt(2) == 0)
        {
            var milliseconds = chance.NextInt(scenario.Milliseconds * 4 / 5);
            while (!run.HasExited && clock.ElapsedMilliseconds < milliseconds)
            {
                Thread.Sleep(1);
            }

            return;
        }

        var ledger = Path.Combine(mini.Data, "ledger.jsonl");
        var lines = LineCount(ledger) + 1 + chance.NextInt(scenario.Lines);
        while (!run.HasExited && clock.ElapsedMilliseconds < limit && LineCount(ledger) < lines)
        {
            Thread.Yield();
        }

        // Up to 16 ms, in microseconds: a small stage takes a few.
        var after = clock.Elapsed + TimeSpan.FromMicroseconds(chance.NextInt(1 << chance.NextInt(15)));
        while (!run.HasExited && clock.Elapsed < after)
        {
            Thread.SpinWait(20);
        }
    }

    /// <summary>While somebody holds the lock and stands still, a second run has to be refused at once.</summary>
    void ExpectBusy(MiniPipeline mini, Child? rival)
    {
        var last = new Ledger(new DataRoot(mini.Data), TimeProvider.System).Runs();
        if (rival is not null || last.Count == 0 || last[^1].State != RunState.Running)
        {
            return;
        }

        using var second = mini.Start("run");
        Expect((int)ExitCode.Busy, second.Wait(), second, "a second run beside one that stands still");
    }

    /// <summary>`resume` where the ledger knows of a crash, else `run`, as an operator would.</summary>
    static string CommandFor(MiniPipeline mini) =>
        new Ledger(new DataRoot(mini.Data), TimeProvider.System).Runs() is [.., { State: RunState.Crashed }] ? "resume" : "run";

    void Finish(MiniPipeline mini, string name)
    {
        using var last = mini.Start(CommandFor(mini));
        Expect(0, last.Wait(), last, name);
    }

    int Expect(int expected, int found, Child run, string what, bool isBusyRight = false)
    {
        if (found != expected && !(isBusyRight && found == (int)ExitCode.Busy))
        {
            findings.Add("differs", $"round {rounds}: pipeline {run.Command} ({what}) exits with {found}, expected {expected}: {run.LastWords}");
        }

        return 0;
    }

    static int LineCount(string file)
    {
        if (!File.Exists(file))
        {
            return 0;
        }

        // Not FileStream, which is refused while the ledger's own lock is held.
        using var handle = Libc.Open(file, Libc.ReadOnly);
        var bytes = new byte[RandomAccess.GetLength(handle)];
        return bytes.AsSpan(0, RandomAccess.Read(handle, bytes, 0)).Count((byte)'\n');
    }

    /// <param name="Start">A data root to begin with; null for an empty one.</param>
    /// <param name="Expected">What an unbroken run leaves.</param>
    /// <param name="Milliseconds">That it takes.</param>
    /// <param name="Lines">Of the ledger that it writes.</param>
    sealed record Scenario(string Name, string? Start, int[] Seeds, int Steps, SortedDictionary<string, string> Expected, int Milliseconds, int Lines);
}
