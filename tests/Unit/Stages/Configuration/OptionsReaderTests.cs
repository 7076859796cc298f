using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Unit.Stages.Configuration;

public enum ToyMode
{
    Paper,
    FastButRough,
}

public sealed record ToyFile
{
    [Option("Datasets of a bare run.")]
    public IReadOnlyList<string> Default { get; init; } = ["toy"];

    [Option("How training goes.")]
    public ToyTraining Training { get; init; } = new() { Steps = 5000 };

    [Option("Any number of schedules by name.")]
    public IReadOnlyDictionary<string, ToySchedule> Schedules { get; init; } = new Dictionary<string, ToySchedule>();
}

public sealed record ToyTraining : IChecked
{
    [Option("How long.", Unit = "steps")]
    [Range(1, 1_000_000)]
    public int Steps { get; init; } = 100;

    [Option("Step size of Adam.")]
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Rate { get; init; } = 0.001;

    [Option("Seeds of repeated runs.")]
    [Range(1, int.MaxValue)]
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    [Option("Which numbers.")]
    public ToyMode Mode { get; init; }

    [Option("Folder of raw files; a sample is made where it is not set.")]
    public string? Raw { get; init; }

    [Option("Last day of training data.")]
    public DateOnly Until { get; init; } = new(2020, 9, 1);

    [Option("Width of a token.")]
    public int Width { get; init; } = 128;

    [Option("Heads of attention.")]
    [Range(1, 64)]
    public int Heads { get; init; } = 2;

    public int WidthPerHead => Width / Heads;

    public IEnumerable<(string Path, string Message)> Check()
    {
        if (Width % Heads != 0)
            yield return ("width", $"is {Width}; it must be a multiple of heads ({Heads}).");
    }
}

public sealed record ToySchedule
{
    [Option("When.")]
    public required string Cron { get; init; }

    [Option("Whether it fires.")]
    public bool Enabled { get; init; } = true;
}

public sealed class OptionsReaderTests
{
    [Fact]
    public void An_empty_file_gives_the_defaults()
    {
        var file = Read("{}");

        Assert.Equal(5000, file.Training.Steps);
        Assert.Equal(["toy"], file.Default);
    }

    [Fact]
    public void What_is_said_lies_over_the_defaults_record_by_record()
    {
        var file = Read("""{ "training": { "rate": 0.5, "mode": "fastButRough", "until": "2021-02-03", "seeds": [4, 5] } }""");

        // 5000 is the default in ToyFile, not the 100 of ToyTraining.
        Assert.Equal((5000, 0.5, ToyMode.FastButRough, new DateOnly(2021, 2, 3)), (file.Training.Steps, file.Training.Rate, file.Training.Mode, file.Training.Until));
        Assert.Equal([4, 5], file.Training.Seeds);
    }

    [Fact]
    public void Comments_trailing_commas_and_the_schema_are_allowed() => Assert.Equal(7, Read(
        """
        {
          "$schema": "./pipeline.schema.json",
          // a week
          "training": { "steps": 7, },
        }
        """).Training.Steps);

    [Fact]
    public void All_errors_are_reported_at_once_with_their_paths() => Refused(
        """
        pipeline.json: trainig is not an option. Nearest: training.
        pipeline.json: training.steps is 0; it must be within 1 .. 1000000 (default 5000 steps).
        pipeline.json: training.rate is 0; it must be within more than 0 .. 1 (default 0.001).
        pipeline.json: training.seeds[1] is 0; it must be within 1 .. 2147483647 (default 1).
        pipeline.json: training.mode is "slow"; it must be one of: paper, fastButRough (default paper).
        pipeline.json: training.until is "2020-13-01"; it must be a date like 2026-01-31 (default 2020-09-01).
        pipeline.json: training.stepz is not an option. Nearest: steps.
        pipeline.json: training.heads is null; it must be a whole number within 1 .. 64 (default 2).
        pipeline.json: training.width is 1.5; it must be a whole number (default 128).
        pipeline.json: default is "toy"; it must be a list [ ... ], each text (default toy).
        pipeline.json: schedules.nightly.enabled is 1; it must be true or false.
        pipeline.json: schedules.nightly.cron is missing; it must be text.
        """,
        """
        {
          "trainig": {},
          "training": {
            "steps": 0, "rate": 0, "seeds": [3, 0], "mode": "slow", "until": "2020-13-01", "stepz": 1, "heads": null, "width": 1.5
          },
          "default": "toy",
          "schedules": { "nightly": { "enabled": 1 } }
        }
        """);

    [Fact]
    public void Rules_between_options_are_checked() => Refused(
        "pipeline.json: training.width is 129; it must be a multiple of heads (2).",
        """{ "training": { "width": 129 } }""");

    [Fact]
    public void A_setting_lies_over_the_file()
    {
        var file = Read("""{ "training": { "steps": 7 } }""", "training.steps=8", "training.steps=9", "training.raw=2024", "default=[\"a\",\"b\"]", "training.mode=fastButRough");

        Assert.Equal((9, "2024", ToyMode.FastButRough), (file.Training.Steps, file.Training.Raw, file.Training.Mode));
        Assert.Equal(["a", "b"], file.Default);
    }

    [Fact]
    public void A_setting_with_null_unsets() => Assert.Null(Read("""{ "training": { "raw": "x" } }""", "training.raw=null").Training.Raw);

    [Fact]
    public void A_setting_can_add_to_a_dictionary() =>
        Assert.Equal(new ToySchedule { Cron = "0 3 * * *" }, Read("{}", "schedules.nightly.cron=0 3 * * *").Schedules["nightly"]);

    [Fact]
    public void Wrong_settings_are_named_as_settings() => Refused(
        """
        --set training.stepz: training.stepz is not an option. Nearest: training.steps.
        --set training: write it as path=value, such as training.steps=100.
        --set training.steps.more: training.steps.more is not an option. training.steps is a whole number.
        --set: training.steps is "many"; it must be a whole number within 1 .. 1000000 (default 5000 steps).
        """,
        """{ "training": { "steps": 7 } }""",
        "training.stepz=1", "training", "training.steps.more=1", "training.steps=many");

    [Fact]
    public void A_rule_that_a_setting_breaks_is_blamed_on_the_setting() =>
        Refused("--set: training.width is 3; it must be a multiple of heads (2).", "{}", "training.width=3");

    [Fact]
    public void A_record_with_a_wrong_option_is_not_asked_for_its_rules() => Refused(
        "pipeline.json: training.heads is 0; it must be within 1 .. 64 (default 2).",
        """{ "training": { "width": 129, "heads": 0 } }""");

    [Theory]
    [InlineData("{ \"training\": ", "pipeline.json(1,15): ")]
    [InlineData("{\n  \"default\": [],\n  \"default\": []\n}", "pipeline.json: Duplicate property 'default'")]
    [InlineData("[]", "pipeline.json: must be an object { ... }.")]
    public void What_is_no_json_is_refused_with_its_place(string text, string start)
    {
        var error = Assert.Throws<PipelineException>(() => Read(text));

        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.StartsWith(start, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var text = OptionsWriter.ToText(Read("""{ "training": { "steps": 7, "raw": "x" }, "schedules": { "nightly": { "cron": "0 3 * * *" } } }"""));

        Assert.Equal(text, OptionsWriter.ToText(Read(text)));
        Assert.DoesNotContain("widthPerHead", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_says_what_the_reader_checks()
    {
        var schema = OptionsSchema.Generate<ToyFile>("pipeline.json");
        var training = schema["properties"]!["training"]!;

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string?)schema["$schema"]);
        Assert.False((bool)schema["additionalProperties"]!);
        Same("""{ "type": "string" }""", schema["properties"]!["$schema"]);
        Same("""{ "description": "How long. Unit: steps.", "type": "integer", "minimum": 1, "maximum": 1000000, "default": 5000 }""", training["properties"]!["steps"]);
        Same("""{ "description": "Step size of Adam.", "type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 0.001 }""", training["properties"]!["rate"]);
        Same("""{ "description": "Which numbers.", "type": "string", "enum": ["paper", "fastButRough"], "default": "paper" }""", training["properties"]!["mode"]);
        Same("""{ "description": "Folder of raw files; a sample is made where it is not set.", "type": ["string", "null"] }""", training["properties"]!["raw"]);
        Same("""["cron"]""", schema["properties"]!["schedules"]!["additionalProperties"]!["required"]);
        Assert.Null(training["properties"]!["widthPerHead"]);
    }

    static void Same(string expected, JsonNode? found) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), found), $"Expected {expected}, found {found?.ToJsonString()}.");

    static void Refused(string messages, string text, params string[] settings)
    {
        var error = Assert.Throws<PipelineException>(() => Read(text, settings));

        Assert.Equal(ExitCode.InvalidConfiguration, error.Code);
        Assert.Equal(messages.ReplaceLineEndings("\n"), error.Message);
    }

    static ToyFile Read(string text, params string[] settings) => OptionsReader.Read<ToyFile>(text, "pipeline.json", settings);
}
