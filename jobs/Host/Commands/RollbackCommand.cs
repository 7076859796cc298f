using System.CommandLine;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`rollback`: takes published lists back to what was published before and pins them there, or releases them.</summary>
static class RollbackCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var dataset = new Argument<string>("dataset") { Description = "Whose lists: spotify." };
        var artifact = new Argument<string?>("artifact") { Description = "Only this one: 4-topk/mamba. Default: all lists that are published.", Arity = ArgumentArity.ZeroOrOne };
        var to = new Option<string?>("--to")
        {
            Description = "A generation (its name or the beginning of it), or the run that published it. Default: what was published before.",
            HelpName = "GENERATION",
        };
        var release = new Option<bool>("--release") { Description = "Let current move again: the next run publishes." };
        var command = new Command("rollback", "Go back to lists published before, and stay there until released.") { dataset, artifact, to, release };
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            var graph = session.Graph(session.Dataset(parsed.GetValue(dataset)!));
            var (only, target) = (parsed.GetValue(artifact)?.TrimEnd('/'), parsed.GetValue(to));
            if (target is not null && parsed.GetValue(release))
            {
                throw new PipelineException(ExitCode.Usage, "--to pins and --release takes pins away: give one of them.");
            }

            if (parsed.GetValue(release))
            {
                Release(session, graph, only);
            }
            else
            {
                Back(session, graph, only, target);
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    static void Back(Session session, StageGraph graph, string? artifact, string? to)
    {
        IReadOnlyList<string> words = ["pipeline rollback", graph.Dataset, .. artifact is null ? Array.Empty<string>() : [artifact], .. to is null ? Array.Empty<string>() : ["--to", to]];
        var changes = new Rollback(session.Data, session.Clock).Back(graph, artifact, to, Holder(session, string.Join(' ', words)));
        session.Output.Json(new { dataset = graph.Dataset, pinned = changes });
        session.Output.Table(
            ["artifact", "from", "to"], changes.Select(change => (IReadOnlyList<string>)[$"{graph.Dataset}/{change.Artifact}", change.From ?? "nothing", change.To]));
        session.Output.Line();
        session.Output.Line($"Pinned: runs go on, but do not move it. Release it: {session.Again(Releasing(graph, artifact))}");
    }

    static void Release(Session session, StageGraph graph, string? artifact)
    {
        var released = new Rollback(session.Data, session.Clock).Release(graph, artifact, Holder(session, Releasing(graph, artifact)));
        session.Output.Json(new { dataset = graph.Dataset, released });
        foreach (var (folder, generation) in released)
        {
            session.Output.Line($"Released: {graph.Dataset}/{folder} {generation}");
        }

        session.Output.Line(released.Count == 0
            ? "Nothing was pinned."
            : $"Next: {session.Again($"pipeline run {graph.Dataset}")} (publishes what the options ask for)");
    }

    static string Releasing(StageGraph graph, string? artifact) => $"pipeline rollback {graph.Dataset}{(artifact is null ? "" : $" {artifact}")} --release";

    static LockHolder Holder(Session session, string command) => new(Environment.ProcessId, Environment.MachineName, null, command, session.Clock.GetUtcNow());
}
