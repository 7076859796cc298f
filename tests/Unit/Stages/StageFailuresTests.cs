using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

/// <summary>What an operator is told of a stage that failed, and what the process exits with.</summary>
public sealed class StageFailuresTests
{
    [Fact]
    public async Task A_failed_stage_says_how_far_it_came_and_what_to_do()
    {
        using var toy = new ToyPipeline();
        toy.Seeds = [1];
        toy.Train.Then = (context, _) =>
        {
            context.Progress(1200, 5000, "steps");
            throw new InvalidOperationException("The loss is not a number");
        };

        var result = await toy.RunAsync();

        Assert.Equal(ExitCode.StageFailed, result.Exit);
        Assert.Equal(
            "toy/train/mamba failed at step 1,200 of 5,000: The loss is not a number. Fix the cause, then: pipeline resume",
            Assert.Single(result.Failures).Message);
        Assert.Contains(nameof(StageFailuresTests), File.ReadAllText(result.LogPath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.CheckFailed)]
    [InlineData(ExitCode.InputMissing)]
    public async Task The_exit_code_is_the_one_that_the_stage_chose(ExitCode expected)
    {
        using var toy = new ToyPipeline();
        toy.Read.Then = (_, _) => throw new PipelineException(expected, "No.");

        Assert.Equal(expected, (await toy.RunAsync()).Exit);
    }

    [Fact]
    public async Task What_this_user_must_not_touch_is_for_a_person_to_mend()
    {
        using var toy = new ToyPipeline();
        foreach (var error in (Exception[])[new UnauthorizedAccessException("Access is denied"), new IOException("open failed: Permission denied", 13), new IOException("Operation not permitted", 1), new IOException("Read-only file system", 30)])
        {
            toy.Read.Then = (_, _) => throw error;
            Assert.Equal(ExitCode.InputMissing, (await toy.RunAsync()).Exit);
        }
    }

    [Fact]
    public async Task A_full_disk_and_no_memory_have_their_own_exit_code()
    {
        using var toy = new ToyPipeline();
        toy.Read.Then = (_, _) => throw new IOException("No space left on device", 0x1C);
        Assert.Equal(ExitCode.OutOfSpace, (await toy.RunAsync()).Exit);

        toy.Read.Then = (_, _) => throw new InsufficientMemoryException();
        Assert.Equal(ExitCode.OutOfSpace, (await toy.RunAsync()).Exit);
    }

    [Fact]
    public async Task Who_runs_out_of_memory_is_not_told_to_free_the_disk()
    {
        using var toy = new ToyPipeline();
        toy.Read.Then = (_, _) => throw new OutOfMemoryException();

        var message = Assert.Single((await toy.RunAsync()).Failures).Message;

        Assert.Contains($"no memory left (the heap may have {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MiB here). Give the process more", message, StringComparison.Ordinal);
        Assert.DoesNotContain("prune", message, StringComparison.Ordinal);
    }
}
