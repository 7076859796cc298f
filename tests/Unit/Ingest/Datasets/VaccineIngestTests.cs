using Pipeline.Ingest.Datasets;
using Pipeline.Ingest.Parquet;
using Pipeline.Ingest.Tables;
using Pipeline.Stages;
using Pipeline.Unit.Features;

namespace Pipeline.Unit.Ingest;

public sealed class VaccineIngestTests : IDisposable
{
    const string Header = "id,age,gender,progression,education,insurance,race,language,religion\n";

    readonly StageHarness harness = new("vaccine-25x25");

    public void Dispose() => harness.Dispose();

    [Fact]
    public void Generated_users_have_the_shares_that_the_population_states()
    {
        harness.Run(new VaccineSampleStage(new VaccineSampleOptions { Users = 20_000 })).Run(new VaccineIngestStage(null));
        var rows = TableFiles.ReadAll(harness.Input(VaccineIngestStage.Users));

        foreach (var category in VaccinePopulation.Built.Categories)
        {
            var counts = new TextColumn(rows.Strings(category.Name)).CountBy(value => value).ToDictionary();
            Assert.Empty(counts.Keys.Except(category.Shares.Keys));
            var total = category.Shares.Values.Sum();
            var statistic = ChiSquare.Of(
                [.. category.Shares.Keys.Select(value => (long)counts.GetValueOrDefault(value))], [.. category.Shares.Values.Select(share => share / total)]);
            Assert.InRange(statistic, 0, ChiSquare.Quantile999(category.Shares.Count - 1));
        }
    }

    [Fact]
    public void Generated_ages_are_nearly_normal_within_their_bounds()
    {
        harness.Run(new VaccineSampleStage(new VaccineSampleOptions { Users = 20_000 })).Run(new VaccineIngestStage(null));
        var ages = TableFiles.ReadAll(harness.Input(VaccineIngestStage.Users)).Values<int>("age").Values.ToArray();

        Assert.InRange(ages.Min(), 18, 20);
        Assert.InRange(ages.Max(), 80, 99);

        // Cutting at 18, 2.15 deviations below the mean, takes 1.6 % away: mean 46.5, deviation 12.6. Standard errors .09 and .06.
        Assert.Equal(46.5, ages.Average(), 0.4);
        Assert.Equal(12.6, Math.Sqrt(ages.Average(age => (age - ages.Average()) * (age - ages.Average()))), 0.3);
    }

    [Fact]
    public void A_hundred_messages_come_along_each_of_them_different()
    {
        harness.Run(new VaccineSampleStage(new VaccineSampleOptions { Users = 1_000 })).Run(new VaccineIngestStage(null));
        string[] messages = [.. new TextColumn(TableFiles.ReadAll(harness.Input(VaccineIngestStage.Messages)).Strings("message"))];

        Assert.Equal(100, messages.Length);
        Assert.Equal(100, messages.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.True(harness.Input(VaccineIngestStage.Messages).Manifest.Synthetic);
    }

    [Fact]
    public void Own_files_are_read_and_their_embeddings_kept()
    {
        Write(Header + "u1,30,female,preparation,bachelor,none,other,English,none\n", "id,message\nm1,Please do\nm2,\"Really, do\"\n");
        NpyFile.Write(Path.Combine(harness.Root, "embeddings.npy"), new Matrix(2, 3, [1, 2, 3, 4, 5, 6]));

        harness.Run(new VaccineIngestStage(harness.Root));

        var embeddings = VaccineEmbeddings.Find(harness.Input(VaccineIngestStage.Messages))!;
        Assert.Equal((2, 3), (embeddings.Rows, embeddings.Columns));
        Assert.Equal([1, 2, 3, 4, 5, 6], embeddings.Values);
        Assert.Equal("Really, do", TableFiles.ReadAll(harness.Input(VaccineIngestStage.Messages)).Strings("message").Text(1));
    }

    [Fact]
    public void Embeddings_may_be_columns_of_a_parquet_file()
    {
        Write(Header, "id,message\nm1,Please do\nm2,Really\n");
        var schema = new TableSchema(new Column("id", ColumnType.String), new Column("a", ColumnType.Float), new Column("b", ColumnType.Double));
        var rows = new RowGroup(schema);
        for (var row = 0; row < 2; row++)
        {
            rows.Strings("id").Add($"m{row + 1}");
            rows.Values<float>("a").Add(row + 0.5f);
            rows.Values<double>("b").Add(-row);
        }

        using (var writer = new ParquetWriter(Path.Combine(harness.Root, "embeddings.parquet"), schema))
        {
            writer.Write(rows);
            writer.Finish();
        }

        harness.Run(new VaccineIngestStage(harness.Root));

        Assert.Equal([0.5f, 0, 1.5f, -1], VaccineEmbeddings.Find(harness.Input(VaccineIngestStage.Messages))!.Values);
    }

    [Fact]
    public void Embeddings_of_another_number_of_messages_are_refused()
    {
        Write(Header, "id,message\nm1,Please do\n");
        NpyFile.Write(Path.Combine(harness.Root, "embeddings.npy"), new Matrix(2, 1, [1, 2]));

        Assert.Contains("has 2 rows; expected 1", Refused());
    }

    [Fact]
    public void Two_files_of_embeddings_are_refused()
    {
        Write(Header, "id,message\nm1,Please do\n");
        File.WriteAllText(Path.Combine(harness.Root, "embeddings.npy"), "");
        File.WriteAllText(Path.Combine(harness.Root, "embeddings.parquet"), "");

        Assert.Contains("holds both", Refused());
    }

    [Fact]
    public void A_user_who_is_there_twice_is_refused()
    {
        const string User = "u1,30,female,preparation,bachelor,none,other,English,none\n";
        Write(Header + User + User, "id,message\nm1,Please do\n");

        Assert.Contains("users.csv(3): user 'u1' is there already, on line 2", Refused());
    }

    void Write(string users, string messages)
    {
        File.WriteAllText(Path.Combine(harness.Root, "users.csv"), users);
        File.WriteAllText(Path.Combine(harness.Root, "messages.csv"), messages);
    }

    string Refused()
    {
        var error = Assert.Throws<PipelineException>(() => harness.Run(new VaccineIngestStage(harness.Root)));
        Assert.Equal(ExitCode.InputMissing, error.Code);
        return error.Message;
    }
}
