using System.CommandLine;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`completion`: a script that teaches a shell the verbs and options, by asking this executable (`[suggest:POSITION]`).</summary>
static class CompletionCommand
{
    const string Bash = """
        # pipeline: completion for bash. Load it: eval "$(pipeline completion bash)"
        _pipeline() {
          COMPREPLY=()
          local line current=${COMP_WORDS[COMP_CWORD]}
          while IFS= read -r line; do [[ $line == "$current"* ]] && COMPREPLY+=("$line"); done < <(pipeline "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
        }
        complete -o default -F _pipeline pipeline
        """;

    const string Zsh = """
        #compdef pipeline
        # pipeline: completion for zsh. Load it: eval "$(pipeline completion zsh)"
        _pipeline() {
          local -a found
          found=("${(@f)$(pipeline "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -- $found || _files
        }
        compdef _pipeline pipeline
        """;

    const string Fish = """
        # pipeline: completion for fish. Load it: pipeline completion fish | source
        complete -c pipeline -a '(pipeline "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
        """;

    public static Command Create(CliContext context, CommonOptions common)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that completes verbs and options in your shell.") { shell };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(shell)!;
            var script = name switch { "bash" => Bash, "zsh" => Zsh, _ => Fish };
            var output = new Session(context, common.Read(parsed)).Output;
            output.Json(new { shell = name, script });
            output.Line(script);
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
