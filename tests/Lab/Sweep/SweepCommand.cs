using System.CommandLine;
using Pipeline.Unit.Faults;

namespace Pipeline.Lab.Sweep;

/// <summary>`sweep`: lets every file operation of every command that writes fail once, in every way.</summary>
static class SweepCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON object, nothing else, on standard output." };
        var command = new Command("sweep", "Let every file operation fail: I/O error, no space, short write, a disk that stays full, one that dies.") { json };
        command.SetAction(parsed =>
        {
            var findings = new Findings("wrong");
            var operations = AllSweptCommands.List.Sum(swept => Sweep(swept, findings));
            return findings.Print(parsed.GetValue(json), seed: 0, ("operations", operations));
        });
        return command;
    }

    static long Sweep(SweptCommand command, Findings findings)
    {
        using var sweep = new FaultSweep(command, AllSweptCommands.Make);
        var operations = 0L;
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var count = sweep.Count(kind);
            for (var at = 1; at <= count; at++)
            {
                foreach (var wrong in sweep.Try(kind, at))
                {
                    findings.Add("wrong", wrong);
                }
            }

            operations += count;
        }

        Console.Error.WriteLine($"{command.Name}: {operations} operations failed one by one");
        return operations;
    }
}
