using System.CommandLine;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`sample`: raw files of exactly the form of the real ones, with generated numbers.</summary>
static class SampleCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var dataset = new Argument<string>("dataset") { Description = "The dataset whose form to write." };
        var folder = new Option<string?>("--out") { Description = "Folder to write to; must be empty or absent. Default: DATASET-sample.", HelpName = "DIR" };
        var command = new Command("sample", "Write generated raw files to look at or to run on.") { dataset, folder };
        command.SetAction(async (parsed, cancellation) =>
        {
            var session = new Session(context, common.Read(parsed));
            var pipeline = session.Dataset(parsed.GetRequiredValue(dataset));
            var target = session.Resolve(parsed.GetValue(folder) ?? $"{pipeline.Name}-sample");
            await WriteAsync(session, pipeline, target, cancellation);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static async Task WriteAsync(Session session, IDatasetPipeline pipeline, string target, CancellationToken cancellation)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new PipelineException(ExitCode.Usage, $"{target} is there already and not empty. Name another folder with --out DIR.");
        }

        Directory.CreateDirectory(target);
        var sampler = pipeline.Sampler(session.Configuration.Value);
        OutputFolder[] outputs = [.. sampler.Writes.Select(artifact => new OutputFolder(artifact, null, target))];
        await sampler.RunAsync(new StageContext(pipeline.Name, [], [], outputs, session.Threads, session.Clock, new NoListener()), cancellation);
        var files = Directory.GetFiles(target, "*", SearchOption.AllDirectories).Length;
        await File.WriteAllTextAsync(
            Path.Combine(target, RawFolder.GeneratedMark),
            "The files in this folder are generated. As long as this file is here, whatever is made of them is marked as synthetic.\n",
            cancellation);
        session.Output.Json(new { dataset = pipeline.Name, folder = target, files });
        session.Output.Line($"Wrote {files} generated files of {pipeline.Name} to {session.Shorten(target)}.");
        session.Output.Line($"Next: {session.Again($"pipeline run {pipeline.Name} --set datasets.{pipeline.Name}.raw={session.Shorten(target)}")} (run on them)");
    }

    sealed class NoListener : IStageListener
    {
        public void Progress(long done, long total, string unit)
        {
        }

        public void Log(string line)
        {
        }
    }
}
