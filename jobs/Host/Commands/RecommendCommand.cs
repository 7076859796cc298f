using System.CommandLine;
using System.Globalization;
using Pipeline.Features;
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
        var folder = Published(session, dataset.Name, list);
        var lookup = new ListLookup(folder);
        var found = lookup.Find(user) ?? throw new PipelineException(
            ExitCode.InputMissing,
            $"{session.Shorten(folder)} has no user '{user}'. {dataset.UserIdForm}{NearestNames.Hint(user, lookup.Candidates(), HintCount)}");
        var names = Names(session.Data, dataset.Name);
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

    /// <summary>The generation that `current` names now; resolved once, so that a run that publishes meanwhile changes nothing.</summary>
    static string Published(Session session, string dataset, string list)
    {
        if (PartFile.IsWord(list) && session.Data.CurrentFolder(dataset, ListArtifact(list)) is { } folder)
        {
            return folder;
        }

        var lists = Path.Combine(session.Data.Dataset(dataset), "4-topk");
        var published = !Directory.Exists(lists) ? [] : Directory.GetDirectories(lists).Select(each => Path.GetFileName(each))
            .Where(name => !name.EndsWith("-test", StringComparison.Ordinal) && session.Data.CurrentFolder(dataset, ListArtifact(name)) is not null)
            .Order(StringComparer.Ordinal).ToList();
        throw new PipelineException(ExitCode.InputMissing, published.Count == 0
            ? $"{dataset} has no published list yet in {lists}. Make them: {session.Again($"pipeline run {dataset}")}"
            : $"{dataset} has no published list '{list}'. Published: {string.Join(", ", published)}.");
    }

    public static Artifact ListArtifact(string list) => new($"list {list}", $"4-topk/{list}");

    /// <summary>Item names by id; empty where items have none.</summary>
    static Dictionary<string, string> Names(DataRoot data, string dataset)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (data.CurrentFolder(dataset, FeatureArtifacts.Items) is not { } folder)
        {
            return names;
        }

        var items = EncodedTable.Read(new InputFolder(FeatureArtifacts.Items, null, folder, ManifestFile.Read(folder)));
        for (var row = 0; row < items.Count && items.Names is not null; row++)
        {
            names[items.Ids[row]] = items.Names[row];
        }

        return names;
    }
}
