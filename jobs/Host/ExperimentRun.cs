using Pipeline.Host.Commands;
using Pipeline.Scoring;
using Pipeline.Scoring.Experiments;
using Pipeline.Stages;

namespace Pipeline.Host;

/// <summary>
/// An experiment is nothing but a run of its datasets up to their reports, in a data root of its own, so that no nightly `current` is
/// touched; and then two files made of those reports.
/// </summary>
sealed class ExperimentRun
{
    readonly ExperimentOptions options;

    ExperimentRun(string name, ExperimentOptions options, Session session) => (Name, this.options, Session) = (name, options, session);

    public string Name { get; }

    /// <summary>The configuration with the experiment's seeds and settings, and its data root.</summary>
    public Session Session { get; }

    public string Page => Path.Combine(Session.Data.Path, "report.html");

    public string Metrics => Path.Combine(Session.Data.Path, "metrics.json");

    /// <summary>All up to the reports; nothing is published.</summary>
    public IReadOnlyList<string> Selection => [.. options.Datasets.Select(dataset => $"+{dataset}/report")];

    /// <exception cref="PipelineException">There is no experiment of that name.</exception>
    public static ExperimentRun Open(CliContext context, CommonValues values, string name)
    {
        var nightly = new Session(context, values);
        var configuration = nightly.Configuration;
        var options = Find(configuration.Value, name);
        var folder = configuration.File is { } file ? Path.GetDirectoryName(file)! : context.CurrentFolder;
        var sections = options.Datasets.Select(dataset => nightly.Dataset(dataset).Section).Distinct();
        return new ExperimentRun(name, options, new Session(context, values with
        {
            Data = Path.Combine(configuration.DataRoot, "experiments", name),
            Overrides =
            [
                .. options.Set.Select(setting => LoadedConfiguration.Rooted(setting, folder, context.Datasets)),
                .. values.Overrides,
                .. sections.Select(section => $"datasets.{section}.seeds=[{string.Join(',', options.Seeds)}]"),
            ],
        }));
    }

    /// <summary>Reads the reports that a plan is about and writes both files, each in one step.</summary>
    /// <param name="plan">Of a run that ended well.</param>
    public ExperimentResults Write(Plan plan)
    {
        var results = new ExperimentResults(Name, [.. options.Datasets.Select(dataset => Read(plan, dataset))]) { Settings = options.Set };
        WriteWhole(Metrics, ExperimentJson.Write(results));
        WriteWhole(Page, ExperimentPage.Write(results));
        return results;
    }

    static ExperimentOptions Find(PipelineConfiguration configuration, string name)
    {
        if (configuration.Experiments.TryGetValue(name, out var options) || ExperimentOptions.BuiltIn.TryGetValue(name, out options))
        {
            return options;
        }

        IReadOnlyList<string> known = [.. ExperimentOptions.BuiltIn.Keys, .. configuration.Experiments.Keys];
        throw new PipelineException(
            ExitCode.Usage, $"There is no experiment '{name}'.{NearestNames.Hint(name, known.Distinct())} Declare it in 'experiments' of {LoadedConfiguration.FileName}.");
    }

    MeasuredDataset Read(Plan plan, string dataset)
    {
        var report = plan.Selected.Single(node => node.Node.Dataset == dataset && node.Node.Stage.Writes.Contains(ScoringArtifacts.Report));
        return MeasuredDataset.Read(
            Path.Combine(Session.Data.Generation(dataset, ScoringArtifacts.Report, report.Fingerprint), "metrics.json"),
            tower => [.. report.Inputs.Where(input => input.Artifact == ScoringArtifacts.TestLists(tower))
                .Select(input => Session.Data.Generation(dataset, input.Artifact, input.Fingerprint))]);
    }

    static void WriteWhole(string path, string text)
    {
        File.WriteAllText(path + ".partial", text);
        File.Move(path + ".partial", path, overwrite: true);
    }
}
