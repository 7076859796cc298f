using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>
/// One data root, empty or with earlier nights in it, and one script. Its commands are killed, given again, and in the end have to have left
/// what they leave when nobody disturbs them, byte for byte.
/// </summary>
sealed class Round : IDisposable
{
    /// <summary>Of one round, of findings that are likely to have one cause.</summary>
    const int MostOfOneKind = 5;

    readonly string name;
    readonly Scenario scenario;
    readonly MiniPipeline mini;
    readonly RandomStream chance;
    readonly Findings findings;
    readonly Onlooker onlooker;
    readonly Moment moment;
    bool hasPruned;

    /// <param name="name">Begins each finding.</param>
    public Round(string name, Scenario scenario, MiniPipeline mini, RandomStream chance, Findings findings)
    {
        (this.name, this.scenario, this.mini, this.chance, this.findings) = (name, scenario, mini, chance, findings);
        onlooker = new Onlooker(mini.Root, name, findings);
        moment = new Moment(mini, chance);
    }

    /// <summary>Processes that were killed so far.</summary>
    public int Killed { get; private set; }

    /// <summary>Named points at which a command died.</summary>
    public HashSet<string> Reached { get; } = new(StringComparer.Ordinal);

    /// <summary>Kills at random moments, spread over the commands.</summary>
    public void KillAtRandom(int most)
    {
        var ofStep = new int[scenario.Script.Count];
        for (var kill = 0; kill < most; kill++)
        {
            ofStep[chance.NextInt(ofStep.Length)]++;
        }

        Play((step, number) =>
        {
            var isDone = false;
            for (var left = ofStep[number]; left > 0 && Killed < most && !isDone; left--)
            {
                isDone = KillOne(step, number, most);
                if (!isDone && chance.NextInt(3) == 0)
                {
                    Meanwhile(Choose(step.Between));
                }
            }

            return isDone;
        });
    }

    /// <summary>Lets every command kill itself at a named point, given again at the next, until the points are used up.</summary>
    /// <param name="points">NAME or NAME:n.</param>
    public void CrashAt(IReadOnlyList<string> points) => Play((step, number) =>
    {
        foreach (var point in points)
        {
            using var child = mini.Start(Words(step, number, isContested: false), ("PIPELINE_CRASH_AT", point));
            if (IsDone(child, point))
            {
                return true;
            }

            Reached.Add(point);
            if (point == points[0])
            {
                Meanwhile(Right(step.Between).FirstOrDefault());
            }
        }

        return false;
    });

    public void Dispose() => onlooker.Dispose();

    /// <param name="attack">Of a step and its number; true if the command ended well in spite of it.</param>
    void Play(Func<Step, int, bool> attack)
    {
        foreach (var (number, step) in scenario.Script.Index())
        {
            if (!attack(step, number))
            {
                Give(Words(step, number, isContested: false), "nobody disturbs it");
            }
        }

        Settle();
        Compare();
    }

    /// <summary>What others did beside the script is taken back, or done in the end too, so that there is one right end.</summary>
    void Settle()
    {
        var pinned = Tree.Shown(mini.Data).Keys.Except(scenario.Outcomes[^1].Shown.Keys).Select(pin => pin.Split('/')[0]).Distinct().ToList();
        foreach (var dataset in pinned)
        {
            Give(["rollback", dataset, "--release"], "afterwards");
        }

        if (pinned.Count > 0)
        {
            Give(["run"], "after the release");
        }

        if (hasPruned)
        {
            Give(["prune"], "afterwards");
        }
    }

    void Compare()
    {
        foreach (var difference in Tree.Differences(hasPruned ? scenario.ExpectedPruned : scenario.Expected, Tree.Of(mini.Data)).Take(MostOfOneKind))
        {
            Add("differs", difference);
        }

        foreach (var (kind, what) in scenario.Told.Findings(mini.Ledger.Read()))
        {
            Add(kind, what);
        }
    }

    /// <returns>True if the command ended well.</returns>
    bool KillOne(Step step, int number, int most)
    {
        var outcome = scenario.Outcomes[number];
        var rival = chance.NextInt(5) == 0 ? Choose(step.Beside) : null;
        using var child = mini.Start(Words(step, number, isContested: rival is not null));
        using var beside = rival is null ? null : Start(rival);
        moment.Wait(child, outcome, Share(outcome));
        if (chance.NextInt(4) == 0 && child.TryStop())
        {
            onlooker.Look();
            if (rival is null)
            {
                ExpectBusy(child);
            }

            if (chance.NextInt(2) == 0)
            {
                child.Go();
                moment.Wait(child, outcome, Share(outcome));
            }
        }

        if (beside is not null && Killed + 1 < most && chance.NextInt(2) == 0 && !beside.HasExited)
        {
            beside.Kill();
        }

        if (!child.HasExited)
        {
            child.Kill();
        }

        var isDone = IsDone(child, "under attack", isBusyRight: rival is not null);
        if (beside is not null)
        {
            ExpectOf(rival!, beside, isBusyRight: true);
        }

        return isDone;
    }

    /// <summary>While somebody holds a dataset and stands still, others are refused at once, whatever they want to write.</summary>
    void ExpectBusy(Child child)
    {
        if (MiniPipeline.Datasets.FirstOrDefault(dataset => DatasetLock.Holder(mini.Root, dataset)?.Pid == child.Pid) is not { } held)
        {
            return;
        }

        string[][] writers = [["run", held], ["publish", held], ["prune", held], ["rollback", held, "--release"]];
        using var second = mini.Start(writers[chance.NextInt(writers.Length)]);
        if (second.Wait() is not (int)ExitCode.Busy and var code)
        {
            Add("differs", $"pipeline {second.Command} exits with {code} beside one that stands still, expected {(int)ExitCode.Busy}: {second.LastWords}");
        }
    }

    void Meanwhile(Other? other)
    {
        if (other is not null)
        {
            using var child = Start(other);
            ExpectOf(other, child, isBusyRight: false);
        }
    }

    Other? Choose(IReadOnlyList<Other> others) => Right(others) is { Count: > 0 } right ? right[chance.NextInt(right.Count)] : null;

    /// <summary>Those that may be given now.</summary>
    List<Other> Right(IReadOnlyList<Other> others) => [.. others.Where(other => other.IfPinned is null || Pins.Read(mini.Root, other.IfPinned).Count > 0)];

    Child Start(Other other)
    {
        if (other.IsPrune)
        {
            hasPruned = true;
            onlooker.Pruning();
        }

        return mini.Start(other.Words);
    }

    void ExpectOf(Other other, Child child, bool isBusyRight)
    {
        var code = child.Wait();
        onlooker.Look();
        if (code == Child.KilledCode)
        {
            Killed++;
        }
        else if (code != 0 && !(code == (int)ExitCode.InputMissing && hasPruned && IsTargetGone(other)) && !(isBusyRight && code == (int)ExitCode.Busy))
        {
            Wrong(child, "beside the script", code);
        }
    }

    /// <summary>Prune may have taken what a rollback names, while that was neither current nor pinned; the onlooker sees to it that it was not.</summary>
    bool IsTargetGone(Other other) => other.Words is ["rollback", var dataset, "--to", var run]
        && Publication.Of(mini.Ledger.Read(), dataset).First(publication => publication.Run == run).Generations
            .Any(list => !Directory.Exists(Path.Combine(mini.Root.Dataset(dataset), list.Key, list.Value)));

    /// <summary>What an operator gives next: the command, in a form that may be repeated where it may be done already; for a crashed run `resume`.</summary>
    /// <param name="isContested">Another may do the same just now.</param>
    IReadOnlyList<string> Words(Step step, int number, bool isContested)
    {
        if (step.Words is ["prune", ..])
        {
            onlooker.Pruning();
        }

        if (step.Words is ["run"])
        {
            return mini.Ledger.Runs() is [.., { State: RunState.Crashed }] ? ["resume"] : step.Words;
        }

        return step.Again != step.Words && (isContested || Tree.Shown(mini.Data).SequenceEqual(scenario.Outcomes[number].Shown)) ? step.Again : step.Words;
    }

    void Give(IReadOnlyList<string> words, string what)
    {
        using var child = mini.Start(words);
        if (!IsDone(child, what))
        {
            Wrong(child, what, Child.KilledCode);
        }
    }

    /// <summary>False if it was killed, or refused where that is right; anything else but success is a finding.</summary>
    bool IsDone(Child child, string what, bool isBusyRight = false)
    {
        var code = child.Wait();
        onlooker.Look();
        if (code == Child.KilledCode)
        {
            Killed++;
            return false;
        }

        if (code == (int)ExitCode.Busy && isBusyRight)
        {
            return false;
        }

        if (code != 0)
        {
            Wrong(child, what, code);
        }
        else if (child.Command.Split(' ')[0] is "run" or "resume" or "publish")
        {
            foreach (var missing in scenario.Told.MissingOfRun(mini.Ledger.Read(), child.Pid).Take(MostOfOneKind))
            {
                Add("lost", $"the ledger does not tell of pipeline {child.Command} ({what}) {missing}: {child.LastWords}");
            }
        }

        return true;
    }

    /// <summary>Of a night, by the stages that have ended; a run that goes on skips them.</summary>
    double Share(StepOutcome outcome)
    {
        if (outcome.Lines <= 5)
        {
            return 1;
        }

        var finished = mini.Ledger.Read().Entries.Skip(scenario.LinesAtStart).Count(entry => entry.Event == LedgerEvent.StageFinished);
        return Math.Max(0, 1 - finished * 2.0 / outcome.Lines);
    }

    void Wrong(Child child, string what, int code) => Add("differs", $"pipeline {child.Command} ({what}) exits with {code}: {child.LastWords}");

    void Add(string kind, string what) => findings.Add(kind, $"{name}: {what}");
}
