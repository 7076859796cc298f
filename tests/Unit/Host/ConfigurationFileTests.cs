using System.Text.Json.Nodes;
using Pipeline.Host.Commands;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

/// <summary>pipeline.json and --set as somebody leaves them who was in a hurry: nothing of it may run a night on the defaults, or end as a defect.</summary>
public sealed class ConfigurationFileTests : IDisposable
{
    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    string Path => cli.File("pipeline.json");

    [Fact]
    public void A_folder_of_that_name_is_not_taken_for_no_file()
    {
        Directory.CreateDirectory(Path);

        Refused(ExitCode.InputMissing, "It is a folder.");
    }

    [Fact]
    public void A_link_to_nothing_is_not_taken_for_no_file()
    {
        File.CreateSymbolicLink(Path, cli.File("gone"));

        Refused(ExitCode.InputMissing, $"The configuration file {Path} cannot be read: Could not find file");
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_and_not_replaced()
    {
        File.WriteAllBytes(Path, [.. "{ \"data\": \""u8, 0xFF, .. "\" }"u8]);

        Refused(ExitCode.InvalidConfiguration, "is no UTF-8 text. Save it as UTF-8.");
    }

    [Fact]
    public void What_has_no_end_is_refused_after_a_mebibyte()
    {
        File.CreateSymbolicLink(Path, "/dev/zero");

        Refused(ExitCode.InvalidConfiguration, "has more than 1 MiB");
    }

    [Fact]
    public void A_mebibyte_itself_is_read()
    {
        File.WriteAllText(Path, "{}".PadRight(1 << 20));

        Assert.Equal(ExitCode.Ok, cli.Run("plan").Code);
    }

    [Theory]
    [InlineData(" \n", "pipeline.json: is empty; it must be an object")]
    [InlineData("""{ "data": "a", "data": "b" }""", "pipeline.json: Duplicate property 'data'")]
    [InlineData("""{ "data": "" }""", "data is empty; it must name a folder.")]
    [InlineData("""{ "data": "a\u0000b" }""", "data holds a null character")]
    [InlineData("""{ "datasets": { "spotify": { "raw": "a\u0000b" } } }""", "datasets.spotify.raw holds a null character")]
    public void What_cannot_be_meant_is_named(string text, string message)
    {
        File.WriteAllText(Path, text);

        Refused(ExitCode.InvalidConfiguration, message);
    }

    [Fact]
    public void A_data_root_that_is_a_link_to_nothing_may_be_a_disk_that_is_not_mounted()
    {
        File.CreateSymbolicLink(cli.File("data"), "/no/such/disk");

        Refused(ExitCode.InputMissing, "is a link to /no/such/disk, where no folder is");
    }

    [Fact]
    public void More_seeds_than_anybody_trains_are_refused()
    {
        var result = cli.Run("plan", "--set", $"datasets.spotify.seeds=[{string.Join(',', Enumerable.Range(0, 1_001))}]");

        Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
        Assert.Contains("datasets.spotify.seeds names 1001 seeds; it must be at most 1000", result.Error);
    }

    [Theory]
    [InlineData("1e308")]
    [InlineData("-1e400")]
    [InlineData("99999999999999999999")]
    public void No_number_is_too_large_to_be_refused_by_any_option(string number)
    {
        var paths = Numbers(JsonNode.Parse(ConfigCommand.Schema())!.AsObject(), "").ToList();

        var result = cli.Run(["config", "validate", .. paths.SelectMany(path => (string[])["--set", $"{path}={number}"])]);

        Assert.NotEmpty(paths);
        Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
        Assert.All(paths, path => Assert.Contains($"{path} is {number}; it must be ", result.Error));
    }

    void Refused(ExitCode code, string message)
    {
        var result = cli.Run("plan");

        Assert.Equal((code, ""), (result.Code, result.Out));
        Assert.Contains(message, result.Error);
    }

    /// <summary>Paths of the options that are a number within bounds.</summary>
    static IEnumerable<string> Numbers(JsonObject schema, string path) => schema["properties"] is JsonObject properties
        ? properties.SelectMany(property => Numbers(property.Value!.AsObject(), path.Length > 0 ? $"{path}.{property.Key}" : property.Key))
        : schema["maximum"] is null ? [] : [path];
}
