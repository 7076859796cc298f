using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public sealed class CliTests : IDisposable
{
    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    public static TheoryData<Exception, ExitCode, string> Errors { get; } = new()
    {
        { new IOException("No space left on device", 0x1C), ExitCode.OutOfSpace, "No space left on device. Free some room with 'pipeline prune', " },
        { new IOException("Permission denied", 13), ExitCode.InputMissing, "Permission denied. 'pipeline doctor' says which folders must be readable and writable.\n" },
        { new UnauthorizedAccessException("Access is denied."), ExitCode.InputMissing, "Access is denied. 'pipeline doctor' says which folders must be readable and writable.\n" },
        { new IOException("Input/output error", 5), ExitCode.StageFailed, "Input/output error. Mend the cause " },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void What_fails_outside_of_a_stage_says_what_to_do(Exception error, ExitCode code, string message)
    {
        // The sampler is called by `sample` itself, outside of any stage runner.
        cli.Dataset.Deeds["sample"] = (_, _) => throw error;

        var result = cli.Run("sample", "spotify");

        Assert.Equal(code, result.Code);
        Assert.Contains($"error: {message}", result.Error);
    }
}
