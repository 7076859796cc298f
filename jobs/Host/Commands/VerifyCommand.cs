using System.CommandLine;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`verify`: reads what lies on the disk and compares every byte with the manifests.</summary>
static class VerifyCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var selection = Arguments.Selection();
        var current = new Option<bool>("--current") { Description = "Only the generations in use, not the earlier ones and not the later seeds." };
        var command = new Command("verify", "Compare every byte of the artifacts with their manifests.") { selection, current };
        command.SetAction((parsed, cancellation) =>
        {
            var session = new Session(context, common.Read(parsed));
            var words = parsed.GetValue(selection) ?? [];
            return Task.FromResult((int)Verify(session, words, parsed.GetValue(current), cancellation));
        });
        return command;
    }

    static ExitCode Verify(Session session, IReadOnlyList<string> words, bool onlyCurrent, CancellationToken cancellation)
    {
        // All datasets if none is named: whatever lies on the disk can be damaged, wanted by the present configuration or not.
        var selected = Selection.Parse(words, session.Graphs());
        var paths = selected.Resolve((_, _) => false);
        var findings = new List<VerifyFinding>();
        var (generations, bytes) = (0, 0L);
        using var view = session.ProgressView();
        foreach (var graph in selected.Graphs)
        {
            var title = $"verify {graph.Dataset}";
            var started = session.Clock.GetTimestamp();
            view.Started(title);
            var result = new Verifier(session.Data).Verify(graph.Dataset, onlyCurrent, new StageWatcher(view, title), cancellation);
            var artifacts = graph.Stages.Where(stage => paths.Contains(graph.PathOf(stage))).SelectMany(stage => stage.Writes).Select(artifact => artifact.Folder).ToHashSet();
            findings.AddRange(result.Findings.Where(finding => words.Count == 0 || artifacts.Contains(finding.Artifact)));
            (generations, bytes) = (generations + result.Generations, bytes + result.Bytes);
            view.Finished(title, StageRow.Done, session.Clock.GetElapsedTime(started));
        }

        Print(session, findings, generations, bytes);
        return findings.Count == 0 ? ExitCode.Ok : ExitCode.InputMissing;
    }

    static void Print(Session session, List<VerifyFinding> findings, int generations, long bytes)
    {
        session.Output.Json(new { sound = findings.Count == 0, generations, bytes, findings });
        findings.ForEach(finding => session.Output.Line($"{finding}"));
        session.Output.Line(findings.Count == 0
            ? $"{generations} generations are sound ({Phrase.Bytes(bytes)})."
            : $"{findings.Count} findings. A damaged generation is made anew with: pipeline run STAGE --force");
    }
}
