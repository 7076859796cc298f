using Pipeline.Host.Commands;
using Pipeline.Stages;

namespace Pipeline.Host.Dashboard.Probes;

/// <summary>What /metrics tells, all of it from the ledger, so that runs of any process count.</summary>
static class RunMetrics
{
    public static string Write(DashboardData data, Nights nights)
    {
        var runs = data.Ledger.Runs();
        var datasets = data.Session.Datasets.Select(dataset => dataset.Name).ToList();
        var last = datasets.Select(dataset => (Dataset: dataset, Run: runs.LastOrDefault(run => run.Datasets.Contains(dataset))))
            .Where(each => each.Run is not null).Select(each => (each.Dataset, Run: data.Ledger.Find(each.Run!.Run)!)).ToList();
        var stages = last.SelectMany(each => each.Run.Stages.Where(stage => stage.Stage.StartsWith($"{each.Dataset}/", StringComparison.Ordinal) && !stage.IsSkipped)
            .GroupBy(stage => (stage.Stage, Seeds: string.Join(',', stage.Seeds))).Select(same => (Labels: Labels(each.Dataset, same.Key), Stage: same.Last()))).ToList();
        var text = new PrometheusText();
        text.Gauge("pipeline_runs", "Runs in the ledger, by how they ended or that they run.", Enum.GetValues<RunState>().Select(state =>
            (One("state", RunsCommand.Word(state)), (double)runs.Count(run => run.State == state))));
        text.Gauge("pipeline_last_success_timestamp_seconds", "When the last whole run of the dataset ended well, since 1970.", datasets
            .Select(dataset => (Labels: One("dataset", dataset), nights.LastSuccess(dataset, runs)?.Finished)).Where(each => each.Finished is not null)
            .Select(each => (each.Labels, Seconds(each.Finished!.Value))));
        text.Gauge("pipeline_last_run_timestamp_seconds", "When the dataset's last run began, since 1970.", last.Select(each => (One("dataset", each.Dataset), Seconds(each.Run.Started))));
        text.Gauge("pipeline_last_run_success", "1 if the dataset's last run ended well, else 0.", last.Select(each => (One("dataset", each.Dataset), each.Run.State == RunState.Succeeded ? 1.0 : 0)));
        text.Gauge("pipeline_stage_duration_seconds", "How long the stage took in the dataset's last run.", Known(stages, stage => stage.DurationSeconds));
        text.Gauge("pipeline_stage_rows", "Rows that the stage wrote in the dataset's last run.", Known(stages, stage => stage.Rows));
        text.Gauge("pipeline_stage_bytes", "Bytes that the stage wrote in the dataset's last run.", Known(stages, stage => stage.Bytes));
        text.Gauge("pipeline_ledger_unreadable_lines", "Lines of the ledger that are torn or damaged.", data.Ledger.Unreadable);
        text.Gauge("pipeline_data_free_bytes", "Free space where the data lie.", FreeBytes(data.Session.Data.Path));
        text.Gauge("process_resident_memory_bytes", "Memory of the server, without its runs.", Environment.WorkingSet);
        return text.ToString();
    }

    static IEnumerable<(IReadOnlyList<(string, string)>, double)> Known(IEnumerable<(IReadOnlyList<(string, string)> Labels, StageRecord Stage)> stages, Func<StageRecord, double?> value) =>
        stages.Select(each => (each.Labels, Value: value(each.Stage))).Where(each => each.Value is not null).Select(each => (each.Labels, each.Value!.Value));

    static IReadOnlyList<(string, string)> One(string name, string value) => [(name, value)];

    static IReadOnlyList<(string, string)> Labels(string dataset, (string Stage, string Seeds) key) => [("dataset", dataset), ("stage", key.Stage[(dataset.Length + 1)..]), ("seeds", key.Seeds)];

    static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    static double FreeBytes(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing) ?? "/";
        }

        return new DriveInfo(existing).AvailableFreeSpace;
    }
}
