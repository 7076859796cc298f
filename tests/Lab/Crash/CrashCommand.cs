using System.CommandLine;
using Pipeline.Stages;

namespace Pipeline.Lab.Crash;

/// <summary>`crash`: kills commands of a small pipeline again and again, and looks at its data meanwhile and afterwards.</summary>
static class CrashCommand
{
    const string All = "all";

    public static Command Create()
    {
        var kills = new Option<int>("--kills") { Description = "How often a process is killed.", DefaultValueFactory = _ => 25 };
        var seed = new Option<int>("--seed") { Description = "Of the moments and of what happens at them.", DefaultValueFactory = _ => Environment.TickCount & 0xFFFFF };
        var at = new Option<string[]>("--at")
        {
            Description = "Crash at named points instead, NAME or NAME:n each (PIPELINE_CRASH_AT of the process); 'all': at each of them, at the first visit and at a later one.",
            AllowMultipleArgumentsPerToken = true,
        };
        var json = new Option<bool>("--json") { Description = "One JSON object, nothing else, on standard output." };
        var command = new Command("crash", "Kill runs, rollbacks, publishing and pruning at random moments and compare what is left with what they leave unbroken.") { kills, seed, at, json };
        command.SetAction(parsed =>
        {
            var chosen = parsed.GetRequiredValue(seed);
            var findings = new Findings("partial", "lost", "mixed", "differs");
            using var lab = new CrashLab(chosen, findings);
            var points = parsed.GetValue(at) ?? [];
            IReadOnlyList<string> unreached = [];
            var killed = points switch
            {
                [] => lab.Kill(parsed.GetRequiredValue(kills)),
                [All] => lab.CrashAt([.. CrashPoint.Names.Where(name => name != CrashPoint.Operation)], isTwice: true, out unreached),
                _ => lab.CrashAt(points, isTwice: false, out unreached),
            };
            foreach (var point in unreached)
            {
                Console.Error.WriteLine($"NOT REACHED: {point} is passed by none of the commands, so nothing is known about a crash there.");
            }

            return Math.Max(findings.Print(parsed.GetValue(json), chosen, ("kills", killed)), unreached.Count > 0 ? 1 : 0);
        });
        return command;
    }
}
