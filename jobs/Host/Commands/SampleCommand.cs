using System.CommandLine;
using Pipeline.Host.Terminal;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`sample`: raw files of exactly the form of the real ones, with generated numbers.</summary>
static class SampleCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var dataset = new Argument<string>("dataset") { Description = "The dataset whose form to write." };
        var folder = new Option<string?>("--out") { Description = "Folder to write to; must be empty or absent. Default: DATASET-sample.", HelpName = "DIR" };
        var scale = Scale();
        var command = new Command("sample", "Write generated raw files to look at or to run on.") { dataset, folder };
        scale.ForEach(command.Add);
        command.SetAction(async (parsed, cancellation) =>
        {
            var values = common.Read(parsed);
            var session = new Session(context, values);
            var pipeline = session.Dataset(parsed.GetRequiredValue(dataset));
            var target = session.Resolve(parsed.GetValue(folder) ?? $"{pipeline.Name}-sample");
            var given = scale.Where(option => parsed.GetValue(option) is not null)
                .Select(option => $"datasets.{pipeline.Section}.sample.{option.Name.TrimStart('-')}={parsed.GetValue(option)}");
            var scaled = new Session(context, values with { Overrides = [.. values.Overrides, .. given] });
            await WriteAsync(session, pipeline, pipeline.Sampler(scaled.Configuration.Value), target, cancellation);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Short for --set datasets.DATASET.sample.NAME=N, where the dataset's sample has that option; it knows the range.</summary>
    static List<Option<string?>> Scale() =>
    [
        new("--customers") { Description = "How many customers, where the dataset has them (hm).", HelpName = "N" },
        new("--transactions") { Description = "How many transactions, where the dataset has them (hm).", HelpName = "N" },
        new("--articles") { Description = "How many articles, where the dataset has them (hm).", HelpName = "N" },
        new("--seed") { Description = "Seed of what is generated.", HelpName = "N" },
    ];

    static async Task WriteAsync(Session session, IDatasetPipeline pipeline, IStage sampler, string target, CancellationToken cancellation)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new PipelineException(ExitCode.Usage, $"{target} is there already and not empty. Name another folder with --out DIR.");
        }

        Directory.CreateDirectory(target);
        OutputFolder[] outputs = [.. sampler.Writes.Select(artifact => new OutputFolder(artifact, null, target))];
        using (var view = session.ProgressView())
        {
            var title = $"sample {pipeline.Name}";
            var started = session.Clock.GetTimestamp();
            view.Started(title);
            await sampler.RunAsync(
                new StageContext(pipeline.Name, [], [], outputs, session.Threads, session.Clock, new StageWatcher(view, title)), cancellation);
            view.Finished(title, StageRow.Done, session.Clock.GetElapsedTime(started));
        }

        var files = Directory.GetFiles(target, "*", SearchOption.AllDirectories).Length;
        await File.WriteAllTextAsync(
            Path.Combine(target, RawFolder.GeneratedMark),
            "The files in this folder are generated. As long as this file is here, whatever is made of them is marked as synthetic.\n",
            cancellation);
        session.Output.Json(new { dataset = pipeline.Name, folder = target, files });
        session.Output.Line($"Wrote {files} generated files of {pipeline.Name} to {session.Shorten(target)}.");
        session.Output.Line($"Next: {session.Again($"pipeline run {pipeline.Name} --set datasets.{pipeline.Section}.raw={session.Shorten(target)}")} (run on them)");
    }
}
