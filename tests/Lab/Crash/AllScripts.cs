namespace Pipeline.Lab.Crash;

/// <summary>The scripts. Prune, rollback and release stand beside runs too, where the end does not depend on them.</summary>
static class AllScripts
{
    static readonly Other Run = new(["run"]), Prune = new(["prune"]);

    public static IReadOnlyList<Step> FirstNight { get; } = [new Step("run") { Beside = [Run, Prune], Between = [Prune] }];

    /// <param name="first">The run of the first night.</param>
    public static IReadOnlyList<Step> SecondNight(string first)
    {
        IReadOnlyList<Other> backs = [.. MiniPipeline.Datasets.Select(dataset => new Other(["rollback", dataset, "--to", first]))];
        return [new Step("run") { Beside = [Run, Prune, .. backs], Between = [Prune, Prune, .. backs] }];
    }

    /// <summary>
    /// All lists go back. In the end those of hm are pinned, those of spotify are published anew, and those of vaccine are where they went back to,
    /// released. Prune comes before and after the release.
    /// </summary>
    /// <param name="first">The run to go back to.</param>
    public static IReadOnlyList<Step> Desk(string first)
    {
        var run = new Other(["run", "hm"]);
        IReadOnlyList<Other> later = [Prune, run];
        return
        [
            Back("hm"),
            Back("spotify"),
            Back("vaccine-25x25"),
            new Step("prune") { Beside = later, Between = later },
            new Step("rollback", "spotify", "--release") { Beside = [.. later, new Other(["rollback", "spotify", "--release"])], Between = later },
            new Step("publish", "spotify") { Beside = [.. later, new Other(["publish", "spotify"])], Between = later },
            new Step("rollback", "vaccine-25x25", "--release") { Beside = later, Between = later },
            new Step("prune") { Beside = later, Between = later },
        ];

        Step Back(string dataset) => new("rollback", dataset)
        {
            Again = ["rollback", dataset, "--to", first],
            Beside = [run, new Other(["rollback", dataset, "--to", first])],
            // What went back half is safe from prune, and the next run finishes it.
            Between = [new Other(["prune", dataset], IfPinned: dataset), new Other(["run", dataset], IfPinned: dataset)],
        };
    }
}
