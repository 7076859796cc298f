using System.Text;
using Pipeline.Ingest.Csv;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest;

public sealed class CsvFileTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-csv-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Columns_come_in_the_order_of_the_caller_and_others_are_ignored()
    {
        using var file = Open("id,colour,size\n7,red,1.5\n8,blue,2.5\n", "size", "id");

        Assert.True(file.Read());
        Assert.Equal(1.5, file.Number(0));
        Assert.Equal(7, file.Integer(1));
        Assert.True(file.Read());
        Assert.Equal(2.5, file.Number(0));
        Assert.Equal("8", file.Text(1));
        Assert.False(file.Read());
    }

    [Fact]
    public void Byte_order_mark_crlf_quotes_and_a_missing_last_line_break_change_nothing()
    {
        using var file = Open("\uFEFFid,name\r\n1,\"say \"\"hi\"\", twice\"\r\n2,Río", "id", "name");

        Assert.True(file.Read());
        Assert.Equal("say \"hi\", twice", file.Text(1));
        Assert.True(file.Read());
        Assert.Equal("Río", Encoding.UTF8.GetString(file.Bytes(1)));
        Assert.False(file.Read());
    }

    [Fact]
    public void Lines_are_counted_as_an_editor_counts_them()
    {
        // Line 1 is the header, the first row spans lines 2 and 3, line 4 is empty.
        using var file = Open("id,name\n1,\"two\nlines\"\n\n2,b\n", "id", "name");

        file.Read();
        Assert.Equal(2, file.LineNumber);
        file.Read();
        Assert.Equal(5, file.LineNumber);
    }

    [Fact]
    public void Row_with_too_few_cells_names_file_line_header_and_row()
    {
        var error = Fails("t_dat,customer_id,article_id,price,sales_channel_id\n2018-09-20,1a67\n", "price");

        Assert.Equal("data.csv(2): expected 5 cells (t_dat,customer_id,article_id,price,sales_channel_id), found 2: '2018-09-20,1a67'.", error.Message);
    }

    [Fact]
    public void Row_with_too_many_cells_is_refused() =>
        Assert.Equal("data.csv(3): expected 2 cells (id,name), found 3: '2,b,c'.", Fails("id,name\n1,a\n2,b,c\n", "id").Message);

    [Fact]
    public void Missing_columns_are_named_with_what_was_found_and_expected() =>
        Assert.Equal(
            "data.csv: columns missing: tempo, valence. Found: id,energy. Expected: id,tempo,valence in any order.",
            Fails("id,energy\n1,2\n", "id", "tempo", "valence").Message);

    [Fact]
    public void Column_that_is_there_twice_is_refused() =>
        Assert.Equal("data.csv: two columns are named id. Found: id,size,id.", Fails("id,size,id\n1,2,3\n", "id").Message);

    [Fact]
    public void Column_names_are_matched_exactly() => Assert.Contains("columns missing: id", Fails("ID,Id\n1,2\n", "id").Message, StringComparison.Ordinal);

    [Fact]
    public void Empty_file_is_refused() => Assert.EndsWith("data.csv is empty; expected a header with id, name.", Fails("", "id", "name").Message, StringComparison.Ordinal);

    [Fact]
    public void Absent_file_is_an_input_that_is_missing()
    {
        var error = Assert.Throws<PipelineException>(() => new CsvFile(folder.FullName, "absent.csv", "id"));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains("absent.csv cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fast")]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("\"1,5\"")]
    [InlineData(" 1")]
    [InlineData("1.5x")]
    public void Number_that_is_none_is_refused(string cell)
    {
        var error = Fails($"id,tempo\nx,{cell}\n", ["tempo"], file => file.Number(0));

        Assert.Equal($"data.csv(2): tempo is '{cell.Trim('"')}'; it must be a finite number.", error.Message);
    }

    [Theory]
    [InlineData("2.06e-05", 2.06e-05)]
    [InlineData("0.7995333333333333", 0.7995333333333333)]
    [InlineData("-0", -0.0)]
    [InlineData("43", 43)]
    public void Number_is_the_nearest_double(string cell, double expected)
    {
        using var file = Open($"tempo\n{cell}\n", "tempo");
        file.Read();

        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(file.Number(0)));
    }

    [Theory]
    [InlineData("2147483648")]
    [InlineData("12x")]
    [InlineData("1.0")]
    public void Whole_number_that_is_none_or_beyond_32_bits_is_refused(string cell) =>
        Assert.Equal(
            $"data.csv(2): count is '{cell}'; it must be a whole number.",
            Fails($"count\n{cell}\n", ["count"], file => file.Integer(0)).Message);

    [Fact]
    public void Quote_inside_a_plain_cell_is_refused() =>
        Assert.Equal(
            "data.csv(3): a quote inside a cell that does not start with one at byte 15: '2,5\" heel'.",
            Fails("id,name\n1,a\n2,5\" heel\n", "id").Message);

    [Fact]
    public void Text_after_a_closing_quote_is_refused() =>
        Assert.Equal("data.csv(2): text after a closing quote at byte 11: '\"1\"x,a'.", Fails("id,name\n\"1\"x,a\n", "id").Message);

    [Fact]
    public void A_folder_of_that_name_is_an_input_that_cannot_be_read()
    {
        folder.CreateSubdirectory("data.csv");

        var error = Assert.Throws<PipelineException>(() => new CsvFile(folder.FullName, "data.csv", "id"));

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains("data.csv cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_columns_of_the_file_are_known_in_its_order()
    {
        using var file = Open("id,colour,size\n", "size");

        Assert.Equal(["id", "colour", "size"], file.Header);
        Assert.Equal(["size"], file.Columns);
    }

    [Fact]
    public void What_has_been_read_of_the_file_is_known_in_bytes()
    {
        using var file = Open("id\n1\n", "id");
        while (file.Read())
        {
        }

        Assert.Equal(5, file.BytesRead);
    }

    [Fact]
    public void Quote_that_is_never_closed_is_refused() =>
        Assert.Contains("a quote that is never closed", Fails("id,name\n1,\"a\n2,b\n", "id").Message, StringComparison.Ordinal);

    [Fact]
    public void Quote_that_swallows_megabytes_is_refused_before_it_fills_memory() =>
        Assert.Equal("data.csv(2): a row of more than 1,048,576 bytes; expected less. Look for a quote that is never closed.", Fails("id,name\n1,\"" + string.Concat(Enumerable.Repeat("row,row\n", 500_000)), "id").Message);

    [Fact]
    public void A_row_just_below_the_limit_of_a_mebibyte_is_read()
    {
        var longest = new string('x', (1 << 20) - 16);
        using var file = Open($"id\n{longest}\n", "id");

        Assert.True(file.Read());
        Assert.Equal(longest, file.Text(0));
        Assert.False(file.Read());
    }

    [Fact]
    public void A_header_that_never_ends_is_refused_with_its_line() =>
        Assert.StartsWith("data.csv(1): a row of more than 1,048,576 bytes", Fails(new string('x', 2 << 20), "id").Message, StringComparison.Ordinal);

    [Fact]
    public void A_disk_that_fails_while_a_file_is_read_is_named_with_the_place_and_may_be_tried_again()
    {
        using var disk = new FailingDisk();
        using var file = new CsvFile(disk, "data.csv", "id");
        var error = Assert.Throws<PipelineException>(() =>
        {
            while (file.Read())
            {
            }
        });

        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.StartsWith("data.csv cannot be read to its end, after ", error.Message, StringComparison.Ordinal);
        Assert.True(StageFailures.IsTransient(error));
        Assert.False(StageFailures.IsTransient(Assert.Throws<PipelineException>(() => new CsvFile(folder.FullName, "absent.csv", "id"))));
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        var error = Fails([.. "name\n"u8, 0xC3, 0x28, (byte)'\n'], ["name"], file => file.Text(0));

        Assert.Equal("data.csv(2): name is not UTF-8 text.", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Half_a_character_in_utf16_is_refused_and_not_replaced(bool isBigEndian)
    {
        // D83D is the first half of a smiley whose second is missing.
        var encoding = new UnicodeEncoding(isBigEndian, byteOrderMark: true);
        byte[] half = isBigEndian ? [0xD8, 0x3D] : [0x3D, 0xD8];
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("name\nA"), .. half, .. encoding.GetBytes("B\n")];

        Assert.Contains("data.csv cannot be read to its end", Fails(bytes, ["name"], file => file.Text(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Utf16_that_is_cut_inside_a_character_is_refused() =>
        Assert.Contains("cannot be read to its end", Fails([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("name\nA\nB")[..^1]], ["name"], file => file.Text(0)).Message, StringComparison.Ordinal);

    [Fact]
    public void Text_is_read_in_the_encoding_that_its_mark_names()
    {
        Encoding[] encodings = [Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UTF32Encoding(bigEndian: true, byteOrderMark: true), Encoding.UTF8];
        Assert.All(encodings, encoding =>
        {
            File.WriteAllText(Path.Combine(folder.FullName, "data.csv"), "id,name\n1,Río \U0001F600\n", encoding);
            using var file = new CsvFile(folder.FullName, "data.csv", "id", "name");
            Assert.True(file.Read());
            Assert.Equal("Río \U0001F600", file.Text(1));
            Assert.False(file.Read());
        });
    }

    [Fact]
    public void Error_messages_are_short_and_on_one_line()
    {
        var error = Fails("id,name\n1\u0007\u001b[31m" + new string('x', 5000) + "\n", "id");

        Assert.InRange(error.Message.Length, 1, 250);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.EndsWith("x...'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_but_never_crash()
    {
        var random = new RandomStream(5, "csv");
        var alphabet = "ab1.,,\"\"\n\n\r\0\\é\uFEFF"u8.ToArray();
        byte[][] starts = [[.. "a,b\n"u8], [.. "\"a\",b\r\n1,2\n"u8], [0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, (byte)'b', 0, (byte)'\n', 0], []];
        var refused = 0;
        for (var round = 0; round < 600; round++)
        {
            var bytes = new byte[random.NextInt(60)];
            foreach (ref var one in bytes.AsSpan())
            {
                one = random.NextInt(10) == 0 ? (byte)random.NextInt(256) : alphabet[random.NextInt(alphabet.Length)];
            }

            try
            {
                ReadAll([.. starts[round % starts.Length], .. bytes], ["b"], file => file.Text(0));
            }
            catch (PipelineException error) when (error.Code == ExitCode.InputMissing)
            {
                refused++;
            }
        }

        // Both must occur, or the bytes test nothing.
        Assert.InRange(refused, 1, 599);
    }

    CsvFile Open(string text, params string[] columns)
    {
        File.WriteAllText(Path.Combine(folder.FullName, "data.csv"), text);
        return new CsvFile(folder.FullName, "data.csv", columns);
    }

    PipelineException Fails(string text, params string[] columns) => Fails(text, columns, _ => null);

    PipelineException Fails(string text, string[] columns, Func<CsvFile, object?> use) => Fails(Encoding.UTF8.GetBytes(text), columns, use);

    PipelineException Fails(byte[] bytes, string[] columns, Func<CsvFile, object?> use)
    {
        var error = Assert.Throws<PipelineException>(() => ReadAll(bytes, columns, use));
        Assert.Equal(ExitCode.InputMissing, error.Code);
        return error;
    }

    void ReadAll(byte[] bytes, string[] columns, Func<CsvFile, object?> use)
    {
        File.WriteAllBytes(Path.Combine(folder.FullName, "data.csv"), bytes);
        using var file = new CsvFile(folder.FullName, "data.csv", columns);
        while (file.Read())
        {
            use(file);
        }
    }

    /// <summary>Gives rows without end, until the device fails.</summary>
    sealed class FailingDisk : MemoryStream
    {
        long left = 1 << 22;

        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            left -= buffer.Length;
            if (left < 0)
            {
                throw new IOException("The device did not answer.");
            }

            // "id", then "id" again and again as a row.
            for (var i = 0; i < buffer.Length; i++)
            {
                buffer[i] = "id\n"u8[i % 3];
            }

            return buffer.Length;
        }
    }
}
