using System.CommandLine;
using System.Globalization;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`recommend`: looks up one user's list in what was published last.</summary>
static class RecommendCommand
{
    public const string DefaultList = "mamba";

    const int DefaultCount = 10;
    const int HintCount = 3;

    public static Command Create(CliContext context, CommonOptions common)
    {
        var user = new Option<string>("--user") { Description = "The user's id.", HelpName = "ID", Required = true };
        var dataset = new Option<string>("--dataset") { Description = "The dataset.", DefaultValueFactory = _ => "spotify" };
        var list = new Option<string>("--list") { Description = "Which list of 4-topk.", DefaultValueFactory = _ => DefaultList };
        var count = Arguments.Count("--k", "At most so many items. Default: 10.");
        var command = new Command("recommend", "Look up a user's list.") { user, dataset, list, count };
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            var pipeline = session.Dataset(parsed.GetRequiredValue(dataset));
            Print(session, pipeline, parsed.GetRequiredValue(list), parsed.GetRequiredValue(user), parsed.GetValue(count) ?? DefaultCount);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static void Print(Session session, IDatasetPipeline dataset, string list, string user, int count)
    {
        var folder = PublishedLists.Folder(session, dataset.Name, list);
        var lookup = new ListLookup(folder);
        var found = lookup.Find(user) ?? throw new PipelineException(
            ExitCode.InputMissing,
            $"{session.Shorten(folder)} has no user '{user}'. {dataset.UserIdForm}{NearestNames.Hint(user, lookup.Candidates(), HintCount)}");
        var names = PublishedLists.Names(PublishedLists.Items(session.Data, dataset.Name));
        var items = found.Items.Take(count).Select(item => (item.Rank, item.Item, Name: names.GetValueOrDefault(item.Item), item.Score)).ToList();
        session.Output.Json(new
        {
            dataset = dataset.Name,
            list,
            user,
            source = found.Source,
            generation = folder,
            items = items.Select(item => new { item.Rank, item.Item, item.Name, item.Score }),
        });
        session.Output.Table(
            ["rank ", "item", "name", "score ", "source"],
            items.Select(item => (IReadOnlyList<string>)
                [$"{item.Rank}", item.Item, item.Name ?? "", item.Score.ToString("0.0000", CultureInfo.InvariantCulture), found.Source]));
    }
}
