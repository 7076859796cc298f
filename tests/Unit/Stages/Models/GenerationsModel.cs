using Pipeline.Stages;

namespace Pipeline.Unit.Stages.Models;

/// <summary>What an operator does; Label says with which options, or which night is meant.</summary>
enum Deed
{
    Night,

    /// <summary>A night whose lists do not pass their checks.</summary>
    DeadNight,
    Back,
    BackMamba,
    BackTo,
    Release,
    ReleaseMamba,
    PublishTo,
    Prune,
}

sealed record OperatorStep(Deed Deed, int Label)
{
    public override string ToString() => Deed is Deed.Night or Deed.DeadNight or Deed.BackTo or Deed.PublishTo ? $"{Deed} {Label}" : $"{Deed}";
}

/// <summary>Two lists and the users they are made from, as sets of labels in memory: what the disk must look like after each step.</summary>
sealed class GenerationsModel
{
    readonly List<(int Mamba, int Transformer)> published = [];
    int? passed;

    public int? Wanted { get; private set; }

    public (int? Mamba, int? Transformer) Current { get; private set; }

    public (int? Mamba, int? Transformer) Pins { get; private set; }

    public HashSet<int> Mamba { get; } = [];

    public HashSet<int> Transformer { get; } = [];

    HashSet<int> Users { get; } = [];

    /// <summary>True if a run would change nothing.</summary>
    public bool IsDone => passed == Wanted && Current == Targets;

    (int? Mamba, int? Transformer) Targets => (Pins.Mamba ?? Wanted, Pins.Transformer ?? Wanted);

    /// <returns>The exit code.</returns>
    public ExitCode Do(OperatorStep step) => step.Deed switch
    {
        Deed.Night => Night(step.Label, isDead: false),
        Deed.DeadNight => Night(step.Label, isDead: true),
        Deed.Back => Back(Before(one => one == Current)),
        Deed.BackMamba => Back(Before(one => one.Mamba == Current.Mamba) is { } found ? (found.Mamba, null) : null, isMambaAlone: true),
        Deed.BackTo => BackTo(step.Label),
        Deed.Release => Unpin((null, null)),
        Deed.ReleaseMamba => Unpin((null, Pins.Transformer)),
        Deed.PublishTo => PublishTo(step.Label),
        _ => Prune(),
    };

    ExitCode Night(int label, bool isDead)
    {
        Wanted = label;
        foreach (var made in new[] { Users, Mamba, Transformer })
            made.Add(label);
        if (IsDone)
            return ExitCode.Ok;
        return isDead ? ExitCode.CheckFailed : Publish(Targets, label);
    }

    ExitCode Publish((int? Mamba, int? Transformer) targets, int? receipt)
    {
        Current = targets;
        published.Add((targets.Mamba!.Value, targets.Transformer!.Value));
        passed = receipt;
        return ExitCode.Ok;
    }

    /// <summary>The last publication before the current one that is another and is still there.</summary>
    (int Mamba, int Transformer)? Before(Func<(int? Mamba, int? Transformer), bool> isCurrent)
    {
        var last = published.FindLastIndex(one => isCurrent(one));
        var isMambaAlone = !isCurrent((Current.Mamba, -1)) ? false : true;
        var earlier = published.Take(last < 0 ? published.Count : last)
            .Where(one => !isCurrent(one) && Mamba.Contains(one.Mamba) && (isMambaAlone || Transformer.Contains(one.Transformer))).ToList();
        return earlier.Count > 0 ? earlier[^1] : null;
    }

    ExitCode Back((int? Mamba, int? Transformer)? targets, bool isMambaAlone = false)
    {
        if (targets is not { } to)
            return ExitCode.InputMissing;
        Pins = isMambaAlone ? (to.Mamba, Pins.Transformer) : to;
        Current = isMambaAlone ? (to.Mamba, Current.Transformer) : to;
        return ExitCode.Ok;
    }

    ExitCode BackTo(int label)
    {
        var index = published.FindLastIndex(one => one.Mamba == label);
        if (index < 0)
            return Mamba.Contains(label) ? ExitCode.CheckFailed : ExitCode.InputMissing;
        var (mamba, transformer) = published[index];
        return Mamba.Contains(mamba) && Transformer.Contains(transformer) ? Back((mamba, transformer)) : ExitCode.InputMissing;
    }

    ExitCode Unpin((int? Mamba, int? Transformer) left)
    {
        Pins = left;
        return ExitCode.Ok;
    }

    ExitCode PublishTo(int label)
    {
        if (Pins != (null, null))
            return ExitCode.CheckFailed;
        var index = published.FindLastIndex(one => one.Mamba == label);
        (int? Mamba, int? Transformer) targets = index >= 0 ? published[index] : (Mamba.Contains(label) ? label : Current.Mamba, Current.Transformer);
        if (targets.Mamba is not { } mamba || targets.Transformer is not { } transformer || (index < 0 && !Mamba.Contains(label)))
            return ExitCode.InputMissing;
        if (!Mamba.Contains(mamba) || !Transformer.Contains(transformer))
            return ExitCode.InputMissing;
        if (mamba != transformer)
            return ExitCode.CheckFailed;
        return Users.Contains(mamba) ? Publish(targets, receipt: null) : ExitCode.InputMissing;
    }

    ExitCode Prune()
    {
        Mamba.RemoveWhere(label => label != Wanted && label != Current.Mamba && label != Pins.Mamba);
        Transformer.RemoveWhere(label => label != Wanted && label != Current.Transformer && label != Pins.Transformer);
        Users.RemoveWhere(label => label != Wanted);
        return ExitCode.Ok;
    }
}
