using System.CommandLine;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`prune`: deletes generations that nobody needs.</summary>
static class PruneCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var dataset = new Argument<string?>("dataset") { Description = "Default: all.", Arity = ArgumentArity.ZeroOrOne };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be deleted." };
        var command = new Command("prune", "Delete generations that are neither in use nor asked for by the present options.") { dataset, dryRun };
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            var graphs = session.DatasetsOrAll(parsed.GetValue(dataset)).Where(each => Directory.Exists(session.Data.Dataset(each.Name))).Select(session.Graph).ToList();
            var holder = new LockHolder(Environment.ProcessId, Environment.MachineName, null, "pipeline prune", session.Clock.GetUtcNow());
            Print(session, new Pruner(session.Data, session.Clock).Prune(graphs, holder, parsed.GetValue(dryRun)), parsed.GetValue(dryRun));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static void Print(Session session, PruneResult result, bool isDryRun)
    {
        session.Output.Json(new { dryRun = isDryRun, bytes = result.Bytes, folders = result.Folders });
        if (result.Folders.Count == 0)
        {
            session.Output.Line("Nothing to delete.");
            return;
        }

        session.Output.Table(
            ["generation", "size "],
            result.Folders.Select(folder => (IReadOnlyList<string>)[$"{folder.Dataset}/{folder.Artifact}/{folder.Name}", Phrase.Bytes(folder.Bytes)]));
        session.Output.Line();
        session.Output.Line($"{(isDryRun ? "Would delete" : "Deleted")} {result.Folders.Count} generations, {Phrase.Bytes(result.Bytes)}.{(isDryRun ? " Do it: pipeline prune" : "")}");
    }
}
