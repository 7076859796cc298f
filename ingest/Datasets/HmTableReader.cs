using Pipeline.Ingest.Csv;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Turns one of H&amp;M's files into a table, row by row, and puts aside what cannot be read.</summary>
sealed class HmTableReader(StageContext context, string folder, HmIngestOptions options)
{
    const int ArticleDigits = 10, CustomerDigits = 64, OldestAge = 120;

    // Often enough to show progress, seldom enough to cost nothing.
    const int RowsPerReport = 1 << 16;

    /// <param name="columns">Those that the file may have.</param>
    /// <exception cref="PipelineException">The file cannot be read, or too many of its rows (CheckFailed).</exception>
    public void Read(string file, HmColumn[] columns, OutputFolder output, CancellationToken cancellation)
    {
        var name = CsvStream.Find(folder, file);
        using var quarantine = new Quarantine(output, name, cancellation: cancellation);
        using var csv = new CsvFile(
            folder, name, [.. columns.Where(column => column.IsNeeded).Select(column => column.Name)],
            [.. columns.Where(column => !column.IsNeeded).Select(column => column.Name)], quarantine);
        var found = csv.Columns.Select(column => columns.Single(known => known.Name == column)).ToArray();
        using var writer = new TableWriter(output, new TableSchema([.. found.Select(column => column.Column)]), threads: context.Threads);
        var cells = found.Select((column, index) => new Cell(csv, index, column, writer.Rows.Columns[index])).ToArray();
        var size = new FileInfo(Path.Combine(folder, name)).Length;
        context.Progress(0, size, $"bytes of {name}");
        while (csv.Read())
        {
            foreach (var cell in cells)
            {
                cell.Read();
            }

            if (csv.Accept())
            {
                foreach (var cell in cells)
                {
                    cell.Keep();
                }

                writer.EndRow();
                if (csv.Accepted % RowsPerReport == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    context.Progress(csv.BytesRead, size, $"bytes of {name}");
                }
            }
        }

        quarantine.Check(csv.Accepted, options.MaxQuarantinedShare);
        if (csv.Accepted == 0 && quarantine.Count == 0)
        {
            throw new PipelineException(ExitCode.CheckFailed, $"{name} has a header and no rows; expected at least one. Get the file again.");
        }

        writer.Finish();
        context.Progress(size, size, $"bytes of {name}");
        output.Facts["missingColumns"] = string.Join(", ", columns.Except(found).Select(column => column.Name));
        if (quarantine.Count > 0)
        {
            context.Log($"warning: {name}: {quarantine.Count:N0} rows cannot be read; they are in {Quarantine.FileName} of {output.Artifact.Folder}.");
        }
    }

    /// <summary>One column of the file and of the table. A row is read as a whole before any of it is kept.</summary>
    sealed class Cell(CsvFile csv, int index, HmColumn column, ColumnBuffer buffer)
    {
        readonly ColumnBuffer<int>? integers = buffer as ColumnBuffer<int>;
        readonly ColumnBuffer<double>? doubles = buffer as ColumnBuffer<double>;
        readonly ColumnBuffer<bool>? flags = buffer as ColumnBuffer<bool>;
        readonly StringBuffer? texts = buffer as StringBuffer;
        bool isNull;
        int number;
        double price;

        public void Read()
        {
            isNull = column.IsOptional && csv.Raw(index).IsEmpty;
            if (!isNull)
            {
                ReadValue();
            }
        }

        public void Keep()
        {
            if (isNull)
            {
                buffer.AddNull();
            }
            else if (texts is not null)
            {
                // Looked at by ReadValue: it is UTF-8.
                texts.Add(csv.Raw(index));
            }
            else if (integers is not null)
            {
                integers.Add(number);
            }
            else if (doubles is not null)
            {
                doubles.Add(price);
            }
            else
            {
                flags!.Add(number == 1);
            }
        }

        void ReadValue()
        {
            switch (column.Cell)
            {
                case HmCell.ArticleId:
                    Require(IsArticleId(csv.Raw(index)), "10 digits: leading zeros belong to it");
                    break;
                case HmCell.CustomerId:
                    Require(IsCustomerId(csv.Raw(index)), "64 hexadecimal digits in lower case");
                    break;
                case HmCell.Integer:
                    number = csv.Integer(index);
                    break;
                case HmCell.Flag:
                    number = Whole(0, 1, "1.0 or empty");
                    break;
                case HmCell.Age:
                    number = Whole(0, OldestAge, "whole years, or empty");
                    break;
                case HmCell.Date:
                    number = csv.Date(index);
                    break;
                case HmCell.Price:
                    price = csv.Number(index);
                    Require(price >= 0, "at least 0");
                    break;
                case HmCell.Text:
                    Require(csv.Bytes(index).Length > 0 || column.IsOptional, "a text, not empty");
                    break;
            }
        }

        void Require(bool isMet, string what)
        {
            if (!isMet)
            {
                csv.Not(index, what, 0);
            }
        }

        int Whole(int lowest, int highest, string what)
        {
            return DecimalText.TryParse(csv.Raw(index), out var value) && value >= lowest && value <= highest && value == Math.Floor(value)
                ? (int)value
                : csv.Not(index, what, 0);
        }

        static bool IsArticleId(ReadOnlySpan<byte> id) => id.Length == ArticleDigits && !id.ContainsAnyExceptInRange((byte)'0', (byte)'9');

        static bool IsCustomerId(ReadOnlySpan<byte> id) => id.Length == CustomerDigits && !id.ContainsAnyExcept(Hexadecimal);

        static readonly System.Buffers.SearchValues<byte> Hexadecimal = System.Buffers.SearchValues.Create("0123456789abcdef"u8);
    }
}
