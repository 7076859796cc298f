using System.CommandLine;
using Pipeline.Lab.Crash;
using Pipeline.Lab.Csv;
using Pipeline.Lab.Formats;
using Pipeline.Lab.Parquet;
using Pipeline.Lab.Sweep;

// dotnet run -c Release --project tests/Lab -- crash|sweep|csv|parquet|formats|memory [options]
// One verb per attack. A verb prints its counts, as one JSON object with --json, and exits with 0 only if nothing was found.
var root = new RootCommand("Tries to make the pipeline lose data, crash or hang: kills, damaged files, wrong formats.")
{
    CrashCommand.Create(),
    SweepCommand.Create(),
    CsvCommand.Create(),
    ParquetCommand.Create(),
    FormatsCommand.Create(),
    MemoryCommand.Create(),
};
return root.Parse(args).Invoke();
