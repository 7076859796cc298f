using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Artifacts;

/// <summary>The generations of an artifact, and what can be done with each.</summary>
static class GenerationTable
{
    /// <summary>Fields of the forms.</summary>
    public const string Dataset = "dataset", Folder = "folder", Generation = "generation", Release = "release";

    public static Element Of(PageRequest request, ArtifactView artifact, GenerationView shown)
    {
        var table = Show.Table(
            $"{Numbers.Of(artifact.Count, "generation")}, the newest first.",
            ["generation", "state", "made", "run", "seed ", "rows ", "size ", "bytes checked", "actions"],
            artifact.Generations.Select(generation => Row(request, artifact, generation, generation == shown)));
        return Pins.Read(request.Root, artifact.Dataset).TryGetValue(artifact.Folder, out var pinned)
            ? new Element("div")
            {
                table,
                new Element("div")
                {
                    ("class", "actions"),
                    request.Button("/artifacts/rollback", "Release", [.. Fields(artifact), (Release, "true")]),
                    new Element("span") { ("class", "hint"), $"These lists are pinned at {pinned}. Released, they move with the next run." },
                },
            }
            : table;
    }

    static IReadOnlyList<Markup> Row(PageRequest request, ArtifactView artifact, GenerationView generation, bool isShown)
    {
        var link = Show.Link(ArtifactView.Address(artifact.Dataset, artifact.Folder, generation.Name) + "#shown", generation.Name);
        if (isShown)
        {
            link.Add(("aria-current", "true"));
        }

        return
        [
            new Element("code") { link },
            Show.State(generation.State),
            Show.When(generation.Time),
            generation.Run is { } run ? Show.Run(run) : "",
            generation.Manifest?.Seed is { } seed ? $"{seed}" : "",
            generation.Manifest?.Rows is { } rows ? Phrase.Count(rows) : "",
            generation.Manifest is { } manifest ? Phrase.Bytes(manifest.Bytes) : "",
            Checked(request.Checks.Of(artifact.Dataset, generation.Folder)),
            Actions(request, artifact, generation),
        ];
    }

    static Markup Checked(ArtifactCheck? check) => check switch
    {
        null => "not yet",
        { IsRunning: true } => Show.State("checking"),
        { Findings.Count: 0 } => new Element("span") { Show.State("sound"), $" {Phrase.Time(check.Ended!.Value)}" },
        _ => new Element("span") { Show.State("damaged"), $" {string.Join("; ", check.Findings.Select(finding => $"{finding.File} {finding.Problem}".Trim()))}" },
    };

    static Element Actions(PageRequest request, ArtifactView artifact, GenerationView generation)
    {
        var actions = new Element("div") { ("class", "row-actions") };
        if (generation.State == "unfinished")
        {
            return actions;
        }

        actions.Add(request.Button("/artifacts/verify", "Verify", [.. Fields(artifact), (Generation, generation.Name)]));
        if (artifact.IsPublished && generation.State == "complete")
        {
            actions.Add(request.Button("/artifacts/rollback", "Roll back to this", [.. Fields(artifact), (Generation, generation.Name)]));
        }

        return actions;
    }

    static IEnumerable<(string, string)> Fields(ArtifactView artifact) => [(Dataset, artifact.Dataset), (Folder, artifact.Folder)];
}
