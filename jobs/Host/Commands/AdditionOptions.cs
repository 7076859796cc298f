using System.CommandLine;
using Pipeline.Ingest.Parquet;
using Pipeline.Models;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>The options that only a build with <see cref="Additions"/> has; their defaults come from the environment, which the runs of `serve` inherit.</summary>
sealed class AdditionOptions
{
    readonly Option<string?> engine = new("--engine") { Description = $"Train on: {Names(Additions.Engines.Select(kind => kind.Name))}. Default: PIPELINE_ENGINE, else our own kernels.", HelpName = "NAME", Recursive = true };
    readonly Option<string?> device = new("--device") { Description = "Of --engine: cpu or cuda. Default: PIPELINE_DEVICE, else cpu.", HelpName = "NAME", Recursive = true };
    readonly Option<string?> tables = new("--tables") { Description = $"Tables are written by: {Names(Additions.TableFormats.Select(format => format.Name))}. Default: PIPELINE_TABLES, else own.", HelpName = "NAME", Recursive = true };

    public IReadOnlyList<Option> List =>
    [
        .. Additions.Engines.Count > 0 ? [engine, device] : Array.Empty<Option>(),
        .. Additions.TableFormats.Count > 1 ? [tables] : Array.Empty<Option>(),
    ];

    /// <summary>Chooses the format of tables for this process.</summary>
    /// <returns>The engine to train on; null for our own kernels.</returns>
    /// <exception cref="PipelineException">There is none of that name, or it cannot work here.</exception>
    public IEngine? Read(ParseResult parsed)
    {
        if (Additions.TableFormats.Count > 1 && (parsed.GetValue(tables) ?? Environment.GetEnvironmentVariable("PIPELINE_TABLES")) is { } name)
        {
            TableFormat.Choose(Find("--tables", name, Additions.TableFormats, format => format.Name));
        }

        return Additions.Engines.Count > 0 && (parsed.GetValue(engine) ?? Environment.GetEnvironmentVariable("PIPELINE_ENGINE")) is { } chosen
            ? Find("--engine", chosen, Additions.Engines, kind => kind.Name).Open(parsed.GetValue(device) ?? Environment.GetEnvironmentVariable("PIPELINE_DEVICE") ?? "cpu")
            : null;
    }

    static T Find<T>(string option, string name, IReadOnlyList<T> all, Func<T, string> nameOf)
        where T : class => all.FirstOrDefault(one => nameOf(one) == name)
            ?? throw new PipelineException(ExitCode.Usage, $"{option} is '{name}'; this build knows {Names(all.Select(nameOf))}.");

    static string Names(IEnumerable<string> names) => string.Join(", ", names);
}
