using Pipeline.Host;
using Pipeline.Host.Commands;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public sealed class UsageTests : IDisposable
{
    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("error: 'pipeline' has no command 'rnu'. Nearest: run. See: pipeline --help\n", "rnu")]
    [InlineData("error: 'pipeline runs' has no command 'shwo'. Nearest: show. See: pipeline runs --help\n", "runs", "shwo")]
    [InlineData("error: 'pipeline run' has no option '--forse'. Nearest: --force. See: pipeline run --help\n", "run", "--forse")]
    [InlineData("error: 'pipeline doctor' has no option '--jsn'. Nearest: --json. See: pipeline doctor --help\n", "doctor", "--jsn")]
    [InlineData("error: 'pipeline doctor' takes no argument 'now'. See: pipeline doctor --help\n", "doctor", "now")]
    [InlineData("error: No stage is called 'spotify/trian'. Nearest: spotify/train, ", "plan", "spotify/trian")]
    [InlineData("error: There is no dataset 'spotfy'. Nearest: spotify.\n", "sample", "spotfy")]
    [InlineData("error: There is no run '2026' in ", "runs", "show", "2026")]
    [InlineData("error: --threads is '1025'; it must be a whole number within 1 .. 1024. See: pipeline plan --help\n", "plan", "--threads", "1025")]
    [InlineData("error: --data is empty; it must name a folder. See: pipeline run --help\n", "run", "--data", "")]
    [InlineData("error: --config is empty; it must name a file. See: pipeline plan --help\n", "plan", "--config", "")]
    [InlineData("error: --threads is '0'; it must be a whole number within 1 .. 1024. See: pipeline plan --help\n", "plan", "--threads", "0")]
    [InlineData("error: --threads is 'two'; it must be a whole number within 1 .. 1024. See: pipeline run --help\n", "run", "--threads", "two")]
    [InlineData("error: --k is '1.5'; it must be a whole number of at least 1. See: pipeline recommend --help\n", "recommend", "--user", "u", "--k", "1.5")]
    [InlineData("error: Required argument missing for option: '--data'. See: pipeline run --help\n", "run", "--data")]
    [InlineData("error: 'state:fresh' is no selection: the only state is state:stale.\n", "run", "state:fresh")]
    public void What_is_not_understood_exits_2_and_names_the_nearest(string message, params string[] args)
    {
        var result = cli.Run(args);

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains(message, result.Error);
        Assert.Empty(result.Out);
    }

    [Fact]
    public void Without_a_verb_all_verbs_are_named()
    {
        var result = cli.Run();

        Assert.Equal(ExitCode.Usage, result.Code);
        var context = new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, CurrentFolder = "/" };
        var verbs = AllCommands.Tree(context, new CommonOptions()).Subcommands.Select(verb => verb.Name);
        Assert.Contains($"needs a command: {string.Join(", ", verbs)}.", result.Error);
    }

    [Fact]
    public void A_required_option_is_asked_for()
    {
        var result = cli.Run("recommend");

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains("'--user' is required", result.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("runs", "show", "-h")]
    public void Help_exits_0_and_calls_the_program_pipeline(params string[] args)
    {
        var result = cli.Run(args);

        Assert.Equal(ExitCode.Ok, result.Code);
        Assert.Contains("  pipeline ", result.Out);
    }

    [Fact]
    public async Task A_look_that_is_cancelled_ends_at_once_and_under_json_with_a_document()
    {
        var result = await cli.RunAsync(new CancellationToken(canceled: true), "plan", "--json");

        Assert.Equal(ExitCode.Cancelled, result.Code);
        Assert.Equal(130, result.Json.GetProperty("error").GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public void What_a_terminal_would_obey_is_shown_and_not_sent_to_it()
    {
        var result = cli.Run("plan", "a\u001b]0;b");

        Assert.StartsWith("error: No stage is called 'a\\u001b]0;b'.", result.Error);
    }

    [Fact]
    public void Under_json_an_error_is_a_document_too()
    {
        var result = cli.Run("plan", "nothing", "--json");

        Assert.Equal(2, result.Json.GetProperty("error").GetProperty("exitCode").GetInt32());
        Assert.StartsWith("error: No stage", result.Error);
    }
}
