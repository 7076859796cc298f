using System.CommandLine;

namespace Pipeline.Lab.Crash;

/// <summary>`crash`: kills a small pipeline again and again, and looks at its data meanwhile and afterwards.</summary>
static class CrashCommand
{
    public static Command Create()
    {
        var kills = new Option<int>("--kills") { Description = "How often a process is killed.", DefaultValueFactory = _ => 25 };
        var seed = new Option<int>("--seed") { Description = "Of the moments and of what happens at them.", DefaultValueFactory = _ => Environment.TickCount & 0xFFFFF };
        var at = new Option<string[]>("--at")
        {
            Description = "Crash at named points instead, NAME or NAME:n each (PIPELINE_CRASH_AT of the process).",
            AllowMultipleArgumentsPerToken = true,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object, nothing else, on standard output." };
        var command = new Command("crash", "Kill runs at random moments and compare what is left with an unbroken run.") { kills, seed, at, json };
        command.SetAction(parsed =>
        {
            var chosen = parsed.GetRequiredValue(seed);
            var findings = new Findings("partial", "lost", "mixed", "differs");
            using var lab = new CrashLab(chosen, findings);
            var points = parsed.GetValue(at) ?? [];
            var killed = points.Length > 0 ? lab.CrashAt(points) : lab.Kill(parsed.GetRequiredValue(kills));
            return findings.Print(parsed.GetValue(json), chosen, ("kills", killed));
        });
        return command;
    }
}
