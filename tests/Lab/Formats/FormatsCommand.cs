using System.CommandLine;
using System.Text;
using Pipeline.Lab.Damage;
using Pipeline.Stages;

namespace Pipeline.Lab.Formats;

/// <summary>`formats`: damaged models, checkpoints, manifests, ledgers and configurations.</summary>
static class FormatsCommand
{
    static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "{", "}", "[", "]", "\"", ",", ":", "null", "true", "-1", "0", "1e999", "2147483648", "9223372036854775808", "NaN", "\"\\ud800\"", "\"\"", "\\u0000", "\n", " ", "//", "..", "/",
            "\"parts\":null", "\"path\":\"../x\"", "\"digest\":", "\"run\":null", "\"datasets\":[null]", "F16", "I32", "\"shape\":[]", "\"data_offsets\":[0]", "[[[[[[[[[[[[[[[[",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [.. Enumerable.Repeat((byte)'[', 5000)],
    ];

    public static Command Create() => AttackOptions.Command("formats", "Damaged models, checkpoints, manifests, ledgers and pipeline.json.", 30_000, Attack);

    static void Attack(Trial trial, int count, int seed)
    {
        var chance = new RandomStream(seed, "formats");
        var mutator = new Mutator(chance, Tokens);
        foreach (var target in AllTargets.Make(trial.Folder))
        {
            // The header of a binary file lies in front.
            List<int> spots = [.. Enumerable.Range(0, Math.Min(20, target.Clean.Length / 20)).Select(i => i * 20)];
            for (var i = 0; i < count / AllTargets.Count; i++)
            {
                var what = $"{target.Name}, mutation {i}";
                var damaged = target.Damage(mutator.Damage(target.Clean, [target.Clean], spots));
                File.WriteAllBytes(target.Path, damaged);
                string? found = null;
                var told = trial.Run(what, damaged, _ => found = target.Read(damaged));
                if (told is null && found is not null)
                {
                    trial.Wrong(what, damaged, found);
                }
            }

            File.WriteAllBytes(target.Path, target.Clean);
            Console.Error.WriteLine($"{target.Name}: {trial.Inputs:N0} inputs so far, {trial.Errors:N0} errors");
        }
    }
}
