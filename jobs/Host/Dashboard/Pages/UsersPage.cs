using Pipeline.Features;
using Pipeline.Host.Dashboard.Artifacts;
using Pipeline.Host.Dashboard.Users;
using Pipeline.Host.Terminal;
using Pipeline.Scoring.Report;

namespace Pipeline.Host.Dashboard.Pages;

/// <summary>One user: features, the published lists side by side, and what the user took.</summary>
sealed class UsersPage : IPage
{
    const int Suggestions = 5, MostTaken = 50;

    public string Path => "/users";

    public PageContent Render(PageRequest request)
    {
        var dataset = request.Session.Dataset(request.Query("dataset") ?? FirstPublished(request));
        var published = PublishedLists.Of(request.Root, dataset.Name);
        var (user, list) = (request.Query("user"), request.Query("list"));
        IReadOnlyList<string> lists = list is null ? published : [list];
        var folders = lists.Select(each => (List: each, Folder: PublishedLists.Folder(request.Session, dataset.Name, each))).ToList();
        return new PageContent("Look up a user",
        [
            FormField.Ask(
                "/users",
                "Look up",
                FormField.Choice("dataset", "Dataset", request.Session.Datasets.Select(each => each.Name), dataset.Name),
                FormField.Text("user", "User", user, 34),
                FormField.Choice("list", "List", [("", "all, side by side"), .. published.Select(each => (each, Titles.Of(each)))], list)),
            new Element("p") { ("class", "lead"), dataset.UserIdForm, " ", Example(dataset, folders) },
            .. folders.Count == 0 ? [new Element("p") { ("class", "notice"), $"{dataset.Name} has no published list yet. Start a run of it from the page of runs." }]
                : user is null ? Array.Empty<Markup>()
                : Body(request, dataset.Name, user, folders),
        ]);
    }

    static string FirstPublished(PageRequest request) =>
        (request.Session.Datasets.FirstOrDefault(dataset => PublishedLists.Of(request.Root, dataset.Name).Count > 0) ?? request.Session.Datasets[0]).Name;

    static Element Example(IDatasetPipeline dataset, IReadOnlyList<(string List, string Folder)> folders)
    {
        var example = new Element("span");
        if (folders.Count > 0 && (dataset.ExampleUser ?? new ListLookup(folders[0].Folder).Candidates(most: 1).FirstOrDefault()) is { } user)
        {
            example.Add("For example ");
            example.Add(Show.Link(Address(dataset.Name, user), user));
            example.Add(".");
        }

        return example;
    }

    static string Address(string dataset, string user) => $"/users?dataset={Uri.EscapeDataString(dataset)}&user={Uri.EscapeDataString(user)}";

    static IReadOnlyList<Markup> Body(PageRequest request, string dataset, string user, IReadOnlyList<(string List, string Folder)> folders)
    {
        var found = folders.Select(each => (each.List, each.Folder, Found: new ListLookup(each.Folder).Find(user))).ToList();
        if (found.All(each => each.Found is null))
        {
            return [Unknown(dataset, user, new ListLookup(folders[0].Folder).Nearest(user, Suggestions))];
        }

        var items = PublishedLists.Items(request.Root, dataset);
        var names = PublishedLists.Names(items);
        var profile = UserProfile.Find(request.Root, dataset, user);
        var taken = profile?.Taken(request.Root, dataset);
        var takenIds = taken is null || items is null ? [] : taken.Items.Select(each => items.Ids[each.Item]).ToHashSet(StringComparer.Ordinal);
        return
        [
            HtmlPage.Section($"Lists of {user}", new Element("div") { ("class", "lists"), found.Select(each => (Markup)List(dataset, each.List, each.Folder, each.Found, names, takenIds)) }),
            .. taken is null || items is null ? Array.Empty<Markup>() : [Taken(taken, items)],
            .. profile is null ? Array.Empty<Markup>() : [Features(profile)],
        ];
    }

    static Element Unknown(string dataset, string user, IReadOnlyList<string> nearest) => new("div")
    {
        new Element("p") { ("class", "notice"), $"{dataset} has no list of a user '{user}'." },
        nearest.Count == 0 ? HtmlPage.Paragraph("") : new Element("p") { "Nearest: ", nearest.Select(each => (Markup)new Element("span") { ("class", "choice"), Show.Link(Address(dataset, each), each) }) },
    };

    static Element List(string dataset, string list, string folder, FoundList? found, IReadOnlyDictionary<string, string> names, HashSet<string> taken)
    {
        var generation = System.IO.Path.GetFileName(folder);
        var section = new Element("section") { new Element("h3") { Titles.Of(list) } };
        section.Add(found is null ? HtmlPage.Paragraph("This list has no such user.") : Show.Table(
            $"By {found.Source}.",
            ["rank ", "item", "score ", "known"],
            found.Items.Select(item => (IReadOnlyList<Markup>)
                [$"{item.Rank}", Item(item.Item, names.GetValueOrDefault(item.Item)), Phrase.Metric(item.Score), taken.Contains(item.Item) ? "taken" : ""])));
        section.Add(new Element("p") { ("class", "lead"), "Generation ", new Element("code") { Show.Link(ArtifactView.Address(dataset, PublishedLists.ArtifactOf(list).Folder, generation), generation) } });
        return section;
    }

    /// <summary>A name, and below it the id; the id alone where there is no name.</summary>
    static Element Item(string id, string? name) => name is null || name == id
        ? new Element("span") { id }
        : new Element("span") { name, new Element("span") { ("class", "id"), id } };

    static Element Taken(TakenItems taken, EncodedTable items) => HtmlPage.Section(
        taken.HasDays ? "What the user bought" : "What the user likes",
        taken.Items.Count == 0
            ? HtmlPage.Paragraph("Nothing that training may know.")
            : Show.Table(
                taken.HasDays
                    ? $"{Numbers.Of(taken.Items.Count, "purchase")} of items of the catalogue that training may know, the latest first{(taken.Items.Count > MostTaken ? $"; {MostTaken} are shown" : "")}."
                    : $"{Numbers.Of(taken.Items.Count, "item")} that the training pairs say so of{(taken.Items.Count > MostTaken ? $"; {MostTaken} are shown" : "")}.",
                taken.HasDays ? ["day", "item"] : ["item"],
                taken.Items.Take(MostTaken).Select(each => (IReadOnlyList<Markup>)
                    [.. each.Day is { } day ? [Days.Text(day)] : Array.Empty<Markup>(), Item(items.Ids[each.Item], items.Names?[each.Item])])));

    static Element Features(UserProfile profile) => HtmlPage.Section("Features", HtmlPage.Table(
        $"Row {Phrase.Count(profile.Row)} of the encoded users: what the towers see.",
        ["feature", "value"],
        profile.Features.Select(feature => (IReadOnlyList<string>)[feature.Name, feature.Value])));
}
