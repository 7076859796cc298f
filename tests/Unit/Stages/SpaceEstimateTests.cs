using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>How much room a run is said to need, before it begins.</summary>
public sealed class SpaceEstimateTests : IDisposable
{
    readonly ToyPipeline toy = new() { Seeds = [1, 2] };

    public void Dispose() => toy.Dispose();

    [Fact]
    public void What_is_still_to_be_made_is_estimated_from_the_raw_files()
    {
        toy.Read.Estimate = inputs => DataSize.Of(1_000_000 * inputs.Raw.Count("lists/rock.csv"), rows: 7);
        toy.Count.Estimate = inputs => DataSize.Of(1_000_000 * inputs.Of(toy.Count.Reads[0]).Rows);

        var written = SpaceEstimate.Of(toy.Root, toy.Plan()).Written.ToDictionary(node => node.Key.Title, node => node.Value / 1_000_000);

        // "one,two\n3,4\n" are 12 bytes; read has two outputs.
        Assert.Equal((24, 7, 0), (written["toy/read"], written["toy/count"], written["toy/report"]));
    }

    [Fact]
    public void Seeds_count_each_and_checkpoints_of_all_of_them_while_they_train()
    {
        toy.Train.Estimate = _ => DataSize.Of(1_000_000);
        toy.Train.TimesAtPeak = 6;
        toy.Report.Estimate = _ => DataSize.Of(3_000_000);

        // Two models of six times a million are more than two models and the report.
        Assert.Equal(12, SpaceEstimate.Of(toy.Root, toy.Plan()).Needed / 1_000_000);
        toy.Train.TimesAtPeak = 1;
        Assert.Equal(5, SpaceEstimate.Of(toy.Root, toy.Plan()).Needed / 1_000_000);
    }

    [Fact]
    public async Task A_stage_that_was_wrong_last_time_is_taken_to_be_as_wrong_again()
    {
        toy.Count.Estimate = inputs => DataSize.Of(1_000 * inputs.Of(toy.Count.Reads[0]).Bytes);
        await toy.RunAsync();
        var folder = toy.CurrentFolder("2-features/count");
        var (wrote, read) = (ManifestFile.Read(folder).Bytes, ManifestFile.Read(toy.CurrentFolder("1-tables/b")).Bytes);
        toy.Read.Version++;
        toy.Read.Estimate = _ => DataSize.Of(10_000 * read);

        var estimate = SpaceEstimate.Of(toy.Root, toy.Plan());

        Assert.Equal(10_000 * wrote, estimate.Written.Single(node => node.Key.Stage == toy.Count).Value, 20_000.0);
    }

    [Fact]
    public async Task With_other_options_nothing_is_learnt_from_the_last_time()
    {
        toy.Count.Estimate = _ => DataSize.Of(50_000_000);
        await toy.RunAsync();
        toy.Count.Toy = new ToyOptions { Steps = 1 };

        Assert.Equal(50, SpaceEstimate.Of(toy.Root, toy.Plan()).Needed / 1_000_000);
    }

    [Fact]
    public async Task With_another_version_nothing_is_learnt_from_the_last_time()
    {
        toy.Count.Estimate = _ => DataSize.Of(50_000_000);
        await toy.RunAsync();
        toy.Count.Version = 2;

        Assert.Equal(50, SpaceEstimate.Of(toy.Root, toy.Plan()).Needed / 1_000_000);
    }

    [Fact]
    public async Task Of_what_is_made_of_raw_files_nothing_is_learnt_since_nobody_knows_how_large_they_were()
    {
        toy.Read.Estimate = inputs => DataSize.Of(5_000_000 + inputs.Raw.Bytes);
        await toy.RunAsync();
        File.AppendAllText(Path.Combine(toy.RawPath, "blues.csv"), "5,6\n");

        Assert.Equal(10, SpaceEstimate.Of(toy.Root, toy.Plan()).Written.Single(node => node.Key.Stage == toy.Read).Value / 1_000_000);
    }

    [Fact]
    public async Task An_estimate_of_nothing_or_of_what_is_gone_teaches_nothing()
    {
        await toy.RunAsync();
        var read = toy.CurrentFolder("1-tables/b");
        toy.Count.Estimate = inputs => DataSize.Of(inputs.Of(toy.Count.Reads[0]).Bytes < 1_000 ? 0 : 5_000_000);
        toy.Read.Version = 2;
        toy.Read.Estimate = _ => DataSize.Of(10_000);
        Assert.Equal(5, Written());

        Directory.Delete(read, recursive: true);

        Assert.Equal(5, Written());

        long Written() => SpaceEstimate.Of(toy.Root, toy.Plan()).Written.Single(node => node.Key.Stage == toy.Count).Value / 1_000_000;
    }

    [Fact]
    public async Task A_whole_number_that_a_stage_notes_can_be_asked_for_and_all_else_is_passed_over()
    {
        toy.Read.Then = (context, _) =>
        {
            var facts = context.Output(toy.Read.Writes[1]).Facts;
            (facts["users"], facts["share"], facts["rates"]) = (7L, 0.5, new[] { 1 });
        };
        await toy.RunAsync("toy/read");
        toy.Count.Estimate = inputs => DataSize.Of(1_000_000 * (inputs.Of(toy.Count.Reads[0]).Count("users") + inputs.Of(toy.Count.Reads[0]).Count("rates")));

        Assert.Equal(7, SpaceEstimate.Of(toy.Root, toy.Plan()).Written.Single(node => node.Key.Stage == toy.Count).Value / 1_000_000);
    }

    [Fact]
    public void Nothing_has_no_bytes_per_row() => Assert.Equal((0.0, 2.5), (new DataSize(0).BytesPerRow, new DataSize(5, Rows: 2).BytesPerRow));

    [Fact]
    public void Each_output_has_its_own_size()
    {
        var output = 0;
        toy.Read.Estimate = _ => DataSize.Of(1_000_000 * ++output);

        // One million and two.
        Assert.Equal(3, SpaceEstimate.Of(toy.Root, toy.Plan()).Written.Single(node => node.Key.Stage == toy.Read).Value / 1_000_000);
    }

    [Fact]
    public void What_is_not_selected_needs_no_room_and_what_is_takes_a_little_however_small_it_is()
    {
        toy.Count.Estimate = _ => DataSize.Of(50_000_000);

        // Two outputs of 8 KiB.
        Assert.Equal(16 << 10, SpaceEstimate.Of(toy.Root, toy.Plan("toy/read")).Needed);
    }

    [Fact]
    public void What_an_earlier_run_left_need_not_be_written_again()
    {
        toy.Seeds = [1];
        toy.Train.Estimate = _ => DataSize.Of(3_000_000);
        toy.Report.Estimate = _ => DataSize.Of(1_000_000);
        var partial = Directory.CreateDirectory(toy.Root.Partial("toy", "00000000deadbeef", toy.Train.Writes[0], toy.Planned(toy.Train).Fingerprint));
        File.WriteAllBytes(Path.Combine(partial.FullName, "checkpoint"), new byte[2_000_000]);

        Assert.Equal(2, SpaceEstimate.Of(toy.Root, toy.Plan()).Needed / 1_000_000);
        toy.Train.TimesAtPeak = 2;
        Assert.Equal(4, SpaceEstimate.Of(toy.Root, toy.Plan()).Needed / 1_000_000);
    }

    [Fact]
    public async Task What_is_fresh_needs_nothing_and_what_is_made_again_gives_its_room_back_when_it_is_done()
    {
        await toy.RunAsync();
        Assert.Equal(0, SpaceEstimate.Of(toy.Root, toy.Plan()).Needed);
        foreach (var stage in toy.Stages)
        {
            stage.Estimate = _ => DataSize.Of(500);
            stage.Version = 1;
        }

        var forced = new Planner(toy.Root, toy.Clock).Make([toy.Graph], [], isForced: true);

        Assert.InRange(SpaceEstimate.Of(toy.Root, forced).Needed, 1, SpaceEstimate.Of(toy.Root, forced).Written.Values.Sum() - 1);
    }

    [Fact]
    public async Task A_run_that_does_not_fit_is_refused_unless_somebody_knows_better()
    {
        toy.Count.Estimate = _ => DataSize.Of(1e15);

        var error = await Assert.ThrowsAsync<PipelineException>(() => toy.RunAsync());

        Assert.Equal(ExitCode.OutOfSpace, error.Code);
        Assert.Contains("toy 1,000,000,", error.Message);
        Assert.Contains("requireSpace=false", error.Message);
        Assert.False(File.Exists(Path.Combine(toy.Root.Path, "ledger.jsonl")));
        Assert.Equal(ExitCode.Ok, (await toy.RunAsync(toy.Request with { RequiresSpace = false })).Exit);
    }
}
