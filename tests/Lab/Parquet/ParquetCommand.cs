using System.CommandLine;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Lab.Damage;
using Pipeline.Stages;
using Pipeline.Unit.Ingest.Parquet;

namespace Pipeline.Lab.Parquet;

/// <summary>`parquet`: cut, mutated and deliberately wrong files for the Parquet reader.</summary>
static class ParquetCommand
{
    const int CutBytes = 4096, RandomCuts = 1000;

    static readonly byte[][] Tokens = [[.. "PAR1"u8], [.. "PARE"u8], [0x15, 0x00], [0x19, 0xFC], [0x1C, 0x1C, 0x1C, 0x1C], [0x19, 0x19, 0x19, 0x19]];

    public static Command Create() => AttackOptions.Command(
        "parquet", "Damaged Parquet files: every cut, random mutations, each known defect.", 100_000, Attack);

    static void Attack(Trial trial, int count, int seed)
    {
        var path = Path.Combine(trial.Folder, "table.parquet");
        foreach (var defect in AllDefects.List)
        {
            // Each of them alone: under a limit of the heap, what the collector keeps for later of one bomb would be missing to the next.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            defect.Write(path);
            var told = Read(trial, defect.Name, File.ReadAllBytes(path), path);
            if (told is null == defect.IsRefused)
            {
                trial.Wrong(defect.Name, File.ReadAllBytes(path), told is null ? "was read; an error was expected" : $"was refused: {told.Message}");
            }
        }

        Console.Error.WriteLine($"{trial.Inputs:N0} defects by hand");
        var files = SeedFiles.Make(trial.Folder);
        Cut(trial, files, path, Math.Min(count, CutBytes), Math.Min(count, RandomCuts), new RandomStream(seed, "parquet cuts"));
        Console.Error.WriteLine($"{trial.Inputs:N0} inputs with the cuts of {files.Count} files");
        var chance = new RandomStream(seed, "parquet");
        var mutator = new Mutator(chance, Tokens);
        var donors = files.Select(file => file.Bytes).ToList();
        for (var i = 0; i < count; i++)
        {
            var file = files[chance.NextInt(files.Count)];
            var damaged = mutator.Damage(file.Bytes, donors, file.WeakSpots);
            File.WriteAllBytes(path, damaged);
            Read(trial, $"{file.Name}, mutation {i}", damaged, path, file.Sealed);
            if ((i + 1) % 10_000 == 0)
            {
                Console.Error.WriteLine($"{i + 1:N0} of {count:N0} mutations, {trial.Errors:N0} errors");
            }
        }
    }

    static void Cut(Trial trial, IReadOnlyList<SeedFile> files, string path, int first, int random, RandomStream chance)
    {
        foreach (var file in files)
        {
            using var handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
            var lengths = Enumerable.Range(0, Math.Min(first, file.Bytes.Length)).Concat(Enumerable.Range(0, random / files.Count + 1).Select(_ => chance.NextInt(file.Bytes.Length)));
            foreach (var length in lengths)
            {
                RandomAccess.SetLength(handle, 0);
                RandomAccess.Write(handle, file.Bytes.AsSpan(0, length), 0);
                if (Read(trial, $"{file.Name} cut at {length}", file.Bytes, path) is null)
                {
                    trial.Wrong($"{file.Name} cut at {length}", file.Bytes[..length], "was read");
                }
            }
        }
    }

    /// <param name="isSealed">The rows of a file whose bytes are all under a checksum: what can still be read has to be these. Null for others.</param>
    static PipelineException? Read(Trial trial, string what, byte[] bytes, string path, string? isSealed = null)
    {
        RowGroup? rows = null;
        var expected = 0L;
        var told = trial.Run(what, bytes, decoded =>
        {
            rows = null;
            try
            {
                using var reader = new ParquetReader(path);
                rows = new RowGroup(reader.Schema);
                expected = reader.RowCount;
                for (var group = 0; group < reader.GroupCount; group++)
                {
                    foreach (var column in reader.Schema.Columns)
                    {
                        reader.Statistics(group, column.Name);
                    }

                    reader.ReadInto(rows, group);
                }
            }
            finally
            {
                decoded.Bytes = rows is null ? 0 : rows.Columns.Sum(Size);
            }
        });
        if (told is not null)
        {
            if (told.Code is not (ExitCode.InputMissing or ExitCode.OutOfSpace) || !told.Message.Contains(path))
            {
                trial.Wrong(what, bytes, $"its error is {told.Code}: {told.Message}");
            }
        }
        else if (rows is not null && rows.Columns.Any(column => column.Count != expected))
        {
            trial.Wrong(what, bytes, $"has columns of {string.Join(", ", rows.Columns.Select(column => column.Count))} rows, expected {expected}");
        }
        else if (rows is not null && isSealed is not null && SeedFiles.Text(rows) is var text && text != isSealed)
        {
            trial.Wrong(what, bytes, "was read as other rows, in spite of its checksums");
        }

        return told;
    }

    static long Size(ColumnBuffer column) => (column.Column.IsOptional ? column.Count : 0) + column switch
    {
        StringBuffer texts => texts.Count * 4L + texts.ByteCount,
        ColumnBuffer<bool> bools => bools.Count,
        ColumnBuffer<int> or ColumnBuffer<float> => column.Count * 4L,
        _ => column.Count * 8L,
    };
}
