using System.Diagnostics;
using Pipeline.Host;
using Pipeline.Stages;

namespace Pipeline.Unit.Host;

public sealed class CompletionTests : IDisposable
{
    readonly CliFixture cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("pipeline ru", "run")]
    [InlineData("pipeline ru", "runs")]
    [InlineData("pipeline run --f", "--force")]
    [InlineData("pipeline runs ", "list")]
    [InlineData("pipeline completion ", "fish")]
    public async Task Bash_is_given_verbs_and_options(string line, string expected)
    {
        // The function of that name is what `pipeline` on the path would be.
        var script = $"""
            pipeline() {"{"} "{Environment.ProcessPath}" exec "{typeof(Cli).Assembly.Location}" "$@"; {"}"}
            complete() {"{"} :; {"}"}
            eval "$(pipeline completion bash)"
            COMP_LINE='{line}'; COMP_POINT={line.Length}; COMP_WORDS=({line}{(line.EndsWith(' ') ? "''" : "")}); COMP_CWORD=$((${"{"}#COMP_WORDS[@]{"}"} - 1))
            _pipeline
            printf '%s\n' "${"{"}COMPREPLY[@]{"}"}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = cli.Folder, RedirectStandardOutput = true })!;
        var words = (await bash.StandardOutput.ReadToEndAsync()).Split('\n');
        await bash.WaitForExitAsync();

        Assert.Contains(expected, words);
        Assert.DoesNotContain("prune", words);
    }

    [Theory]
    [InlineData("zsh", "#compdef pipeline")]
    [InlineData("fish", "complete -c pipeline")]
    public void Other_shells_have_their_scripts(string shell, string expected) => Assert.Contains(expected, cli.Run("completion", shell).Out);

    [Fact]
    public void An_unknown_shell_is_refused()
    {
        var result = cli.Run("completion", "cmd");

        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains("bash", result.Error);
    }
}
