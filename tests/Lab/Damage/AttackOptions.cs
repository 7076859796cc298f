using System.CommandLine;

namespace Pipeline.Lab.Damage;

/// <summary>The options that all attacks on files take.</summary>
static class AttackOptions
{
    /// <param name="count">Mutations by default.</param>
    /// <param name="run">Attacks with so many mutations and a seed.</param>
    public static Command Command(string name, string description, int count, Action<Trial, int, int> run)
    {
        var many = new Option<int>("--count") { Description = "How many damaged inputs.", DefaultValueFactory = _ => count };
        var seed = new Option<int>("--seed") { Description = "Of the damage.", DefaultValueFactory = _ => Environment.TickCount & 0xFFFFF };
        var json = new Option<bool>("--json") { Description = "One JSON object, nothing else, on standard output." };
        var command = new Command(name, description) { many, seed, json };
        command.SetAction(parsed =>
        {
            var findings = new Findings(Trial.Kinds);
            using var trial = new Trial(findings);
            run(trial, parsed.GetRequiredValue(many), parsed.GetRequiredValue(seed));
            return findings.Print(parsed.GetValue(json), parsed.GetRequiredValue(seed), ("inputs", trial.Inputs), ("errors", trial.Errors));
        });
        return command;
    }
}
