using System.CommandLine;

namespace Pipeline.Lab.Crash;

/// <summary>`memory`: ten times the usual H&amp;M sample under a heap of 512 MiB.</summary>
static class MemoryCommand
{
    const string HeapLimit = "0x20000000";

    // The heap, and what lies beside it: the runtime, code, stacks, tensors (which are not on the heap), pages of files.
    const long MostBytes = 768L << 20;

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON object, nothing else, on standard output." };
        var command = new Command("memory", "A night with ten times the usual data under a heap of 512 MiB.") { json };
        command.SetAction(parsed =>
        {
            var findings = new Findings("failed", "large");
            var folder = LabFolder.Create();
            try
            {
                return findings.Print(parsed.GetValue(json), 0, ("peakMegabytes", Run(new MiniPipeline(folder.FullName), findings) >> 20));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }

    static long Run(MiniPipeline mini, Findings findings)
    {
        mini.Configure([1], 20, "datasets.hm.sample.customers=13640", "datasets.hm.sample.transactions=318000", "datasets.hm.sample.articles=105542", "default=[\"hm\"]");
        using var run = mini.Start(["run"], ("DOTNET_GCHeapHardLimit", HeapLimit));
        var peak = 0L;
        while (!run.HasExited)
        {
            peak = Math.Max(peak, run.PeakBytes);
            Thread.Sleep(5);
        }

        if (run.Wait() is not 0 and var code)
        {
            findings.Add("failed", $"pipeline run exits with {code}: {run.LastWords}");
        }

        if (peak > MostBytes)
        {
            findings.Add("large", $"{peak >> 20} MiB at the peak, at most {MostBytes >> 20} expected");
        }

        return peak;
    }
}
