using System.CommandLine;
using System.Text;
using Pipeline.Lab.Damage;
using Pipeline.Stages;

namespace Pipeline.Lab.Csv;

/// <summary>`csv`: odd and damaged files for the CSV reader, some of them beside DuckDB.</summary>
static class CsvCommand
{
    // DuckDB needs some milliseconds for each file.
    const int MostCompared = 2000;

    static readonly byte[][] Tokens =
    [
        .. new[] { "\"", "\"\"", "\"\"\"", ",", ",,", "\n", "\r", "\r\n", "\n\n", "\0", "\uFEFF", "\u2028", "\\\"", " \"", "\" ", "é", "👍", "'", "#", "\t", "1e309", "NaN", "=1+1" }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xE2, 0x82],
    ];

    static readonly byte[][] Bases =
    [
        .. new[]
        {
            "a,b,c\n1,2,3\n4,5,6\n7,8,9\n10,11,12\n",
            "a,b,c\r\n1,\"two, or 2\",3\r\n4,\"five\r\nlines\",6\r\n7,\"8 \"\"eight\"\"\",9\r\n",
            "\uFEFFa,b,c\n\"\",,é\n日本,👍🏽,\"x\"\n\n\n,,\n",
            "a,b,c\n2018-09-20,0000,0.0508\n2018-09-21,,-1.5e-3\n" + string.Concat(Enumerable.Repeat("2020-01-01,108775015,0.01\n", 40)),
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public static Command Create() => AttackOptions.Command("csv", "Odd and damaged CSV files, beside DuckDB where it is installed.", 1_000_000, Attack);

    static void Attack(Trial trial, int count, int seed)
    {
        foreach (var one in CsvCases.List)
        {
            Judge(trial, one);
        }

        Console.Error.WriteLine($"{CsvCases.List.Count} cases by hand");
        for (var length = 0; length < CsvCases.ToCut.Length; length++)
        {
            var cut = new CsvCase($"gzip cut at {length}", CsvCases.ToCut[..length], "!", "table.csv.gz");
            Judge(trial, cut);
        }

        var comparison = new DuckDbComparison(trial);
        var chance = new RandomStream(seed, "csv");
        var mutator = new Mutator(chance, Tokens);
        for (var i = 0; i < count; i++)
        {
            var damaged = mutator.Damage(Bases[chance.NextInt(Bases.Length)], Bases, []);
            if (Read(trial, $"mutation {i}", damaged, "table.csv", chance.NextInt(2) == 0) is { Quarantined: 0, IsPlainHeader: true } reading && i % Math.Max(1, count / MostCompared) == 0)
            {
                comparison.Add($"mutation {i}", damaged, reading);
            }

            if ((i + 1) % 100_000 == 0)
            {
                Console.Error.WriteLine($"{i + 1:N0} of {count:N0} mutations, {trial.Errors:N0} errors");
            }
        }

        Console.Error.WriteLine(comparison.Run());
    }

    /// <summary>With a quarantine and without: a row that is put aside with one is an error without.</summary>
    static void Judge(Trial trial, CsvCase one)
    {
        var kind = Read(trial, one.Name, one.Bytes, one.File, hasQuarantine: true);
        var strict = Read(trial, one.Name, one.Bytes, one.File, hasQuarantine: false);
        var found = kind?.ToString() ?? "!";
        if (one.Expected is { } expected && found != expected)
        {
            trial.Wrong(one.Name, one.Bytes, $"read as '{Short(found)}', expected '{Short(expected)}'");
        }

        if (strict?.ToString() != (kind is { Quarantined: 0 } ? found : null))
        {
            trial.Wrong(one.Name, one.Bytes, $"without a quarantine read as '{Short(strict?.ToString() ?? "!")}', with one as '{Short(found)}'");
        }
    }

    static CsvReading? Read(Trial trial, string what, byte[] bytes, string name, bool hasQuarantine)
    {
        var path = Path.Combine(trial.Folder, name);
        File.WriteAllBytes(path, bytes);
        CsvReading? reading = null;
        var output = hasQuarantine ? new OutputFolder(new Artifact("table", "table"), null, trial.Folder) : null;
        var told = trial.Run(what, bytes, decoded => reading = CsvReading.Of(path, output, decoded));
        if (told is not null && (told.Code != ExitCode.InputMissing || !told.Message.Contains(name, StringComparison.Ordinal)))
        {
            trial.Wrong(what, bytes, $"its error is {told.Code}: {told.Message}");
        }

        return told is null ? reading : null;
    }

    static string Short(string text) => text.Length > 100 ? text[..100] + "..." : text;
}
