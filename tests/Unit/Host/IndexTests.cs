using Pipeline.Host;
using Pipeline.Host.Commands;
using Pipeline.Host.Dashboard;

namespace Pipeline.Unit.Host;

/// <summary>The hand-written indices miss nothing.</summary>
public class IndexTests
{
    [Fact]
    public void Every_command_is_in_the_tree()
    {
        var context = new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, CurrentFolder = "/" };
        var written = typeof(AllCommands).Assembly.GetTypes().Select(type => type.Name)
            .Where(name => name.EndsWith("Command", StringComparison.Ordinal)).Select(name => name[..^"Command".Length].ToLowerInvariant());

        Assert.Equal(
            written.Order(StringComparer.Ordinal),
            AllCommands.Tree(context, new CommonOptions()).Subcommands.Select(command => command.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_dataset_is_in_the_list()
    {
        var written = typeof(IDatasetPipeline).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IDatasetPipeline)));

        Assert.Equal(
            written.Select(type => type.Name).Order(StringComparer.Ordinal),
            AllDatasets.List.Select(dataset => dataset.GetType().Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_page_and_every_action_of_the_dashboard_is_in_its_list()
    {
        Assert.Equal(Written<IPage>(), Names(AllPages.List));
        Assert.Equal(Written<IAction>(), Names(AllActions.List));

        static IEnumerable<string> Written<T>() =>
            typeof(T).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(T))).Select(type => type.Name).Order(StringComparer.Ordinal);

        static IEnumerable<string> Names<T>(IEnumerable<T> list) => list.Select(each => each!.GetType().Name).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Every_setting_of_the_vaccine_dataset_of_the_paper_is_in_the_list() =>
        Assert.Equal(
            ["vaccine-25x25", "vaccine-25x50", "vaccine-25x100", "vaccine-50x50", "vaccine-50x100", "vaccine-100x100"],
            AllDatasets.List.Where(dataset => dataset.Section == "vaccine").Select(dataset => dataset.Name));
}
