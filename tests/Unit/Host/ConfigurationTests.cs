using System.Text.Json.Nodes;
using Pipeline.Host;
using Pipeline.Host.Commands;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Unit.Host;

public sealed class ConfigurationTests : IDisposable
{
    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void The_committed_schema_is_the_generated_one() =>
        Assert.Equal(ConfigCommand.Schema(), File.ReadAllText(Path.Combine(RealData.Root(), "pipeline.schema.json")));

    [Fact]
    public void The_committed_pipeline_json_says_the_defaults()
    {
        var text = File.ReadAllText(Path.Combine(RealData.Root(), "pipeline.json"));

        Assert.Equal(
            OptionsWriter.ToText(new PipelineConfiguration()),
            OptionsWriter.ToText(OptionsReader.Read<PipelineConfiguration>(text, "pipeline.json", [])));
    }

    [Fact]
    public void Every_dataset_has_its_options_under_its_name()
    {
        var names = OptionsWriter.ToJson(new PipelineConfiguration())["datasets"]!.AsObject().Select(entry => entry.Key);

        Assert.Equal(names, AllDatasets.List.Select(dataset => dataset.Section).Distinct());
    }

    [Fact]
    public void Every_option_says_what_it_means()
    {
        var silent = new List<string>();
        Collect(JsonNode.Parse(ConfigCommand.Schema())!.AsObject(), "", silent);

        Assert.Empty(silent);
    }

    [Fact]
    public void An_unknown_key_names_the_nearest()
    {
        File.WriteAllText(cli.File("pipeline.json"), """{ "datasets": { "spotify": { "trainin": {} } } }""");

        var result = cli.Run("config", "validate");

        Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
        Assert.Contains("datasets.spotify.trainin is not an option", result.Error);
        Assert.Contains("Nearest: training", result.Error);
    }

    [Fact]
    public void All_errors_are_reported_at_once()
    {
        var result = cli.Run("config", "validate", "--set", "datasets.spotify.training.steps=0", "--set", "threads=-1");

        Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
        Assert.Contains("training.steps is 0", result.Error);
        Assert.Contains("threads is -1", result.Error);
    }

    [Fact]
    public void A_default_dataset_that_is_not_there_is_refused()
    {
        var result = cli.Run("config", "validate", "--set", """default=["spotty"]""");

        Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
        Assert.Contains("default names the dataset 'spotty', which there is not. Known: spotify, hm, vaccine-25x25, vaccine-25x50, vaccine-25x100, vaccine-50x50, vaccine-50x100, vaccine-100x100.", result.Error);
    }

    [Fact]
    public void Masking_what_nobody_bought_is_refused()
    {
        var result = cli.Run("config", "validate", "--set", "datasets.spotify.scoring.maskBought=true");

        Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
        Assert.Contains("datasets.spotify.scoring.maskBought is true; it must be false", result.Error);
    }

    [Fact]
    public void A_configuration_file_that_is_named_must_be_there()
    {
        var result = cli.Run("config", "show", "--config", "other.json");

        Assert.Equal(ExitCode.InputMissing, result.Code);
        Assert.Contains("other.json", result.Error);
    }

    [Fact]
    public void A_data_root_that_is_a_file_is_refused()
    {
        File.WriteAllText(cli.File("data"), "");

        var result = cli.Run("plan");

        Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
        Assert.Contains("is a file; it must be a folder.", result.Error);
    }

    [Fact]
    public void A_data_root_that_cannot_be_made_exits_6()
    {
        File.WriteAllText(cli.File("file"), "");

        var result = cli.Run("run", "--data", "file/data");

        Assert.Equal(ExitCode.InputMissing, result.Code);
        Assert.Contains("cannot be made", result.Error);
    }

    [Fact]
    public void Doctor_tells_of_an_invalid_configuration_with_its_code()
    {
        var result = cli.Run("doctor", "--set", "threads=many");

        Assert.Equal(ExitCode.InvalidConfiguration, result.Code);
        Assert.Contains("FAIL  configuration", result.Out);
    }

    [Fact]
    public void Paths_in_the_file_start_from_the_file_and_paths_of_the_command_line_from_the_current_folder()
    {
        Directory.CreateDirectory(cli.File("etc"));
        File.WriteAllText(cli.File("etc/pipeline.json"), """{ "data": "store", "datasets": { "spotify": { "raw": "in" } } }""");

        var fromFile = cli.Run("config", "show", "--config", "etc/pipeline.json").Json;
        var fromLine = cli.Run("config", "show", "--config", "etc/pipeline.json", "--data", "here", "--set", "datasets.spotify.raw=there").Json;

        Assert.Equal(cli.File("etc/store"), fromFile.GetProperty("data").GetString());
        Assert.Equal(cli.File("etc/in"), fromFile.GetProperty("datasets").GetProperty("spotify").GetProperty("raw").GetString());
        Assert.Equal(cli.File("here"), fromLine.GetProperty("data").GetString());
        Assert.Equal(cli.File("there"), fromLine.GetProperty("datasets").GetProperty("spotify").GetProperty("raw").GetString());
    }

    static void Collect(JsonObject schema, string path, List<string> silent)
    {
        foreach (var (name, value) in schema["properties"]?.AsObject() ?? [])
        {
            var here = $"{path}/{name}";
            if (name != "$schema" && value!["description"] is null)
            {
                silent.Add(here);
            }

            Collect(value!.AsObject(), here, silent);
        }
    }
}
