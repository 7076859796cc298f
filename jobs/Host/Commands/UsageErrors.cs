using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>Says what of a command line was not understood, and what comes nearest to it.</summary>
static class UsageErrors
{
    public static string Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed.CommandResult);
        var help = $"See: {path} --help";
        if ((Misread(parsed) ?? parsed.UnmatchedTokens.FirstOrDefault()) is { } token)
        {
            return $"{DescribeToken(token, command, path)} {help}";
        }

        return command.Subcommands.Count > 0 && command.Action is null
            ? $"'{path}' needs a command: {string.Join(", ", command.Subcommands.Select(each => each.Name))}. {help}"
            : $"{string.Join(" ", parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal))} {help}";
    }

    /// <summary>A misspelt option that the parser took for an argument of the verb; null if there is none. A lone '-' is standard input.</summary>
    public static string? Misread(ParseResult parsed) => parsed.Action is HelpAction ? null : parsed.CommandResult.Children.OfType<ArgumentResult>()
        .SelectMany(argument => argument.Tokens).Select(token => token.Value).FirstOrDefault(value => value.StartsWith('-') && value.Length > 1);

    static string DescribeToken(string token, Command command, string path)
    {
        if (token.StartsWith('-'))
        {
            // What follows may have been meant for a secret.
            token = token.Split('=')[0];
            var options = command.Options.Concat(command.Parents.SelectMany(Ancestors).SelectMany(each => each.Options.Where(option => option.Recursive)));
            return $"'{path}' has no option '{token}'.{NearestNames.Hint(token, options.Select(option => option.Name))}";
        }

        return command.Subcommands.Count > 0
            ? $"'{path}' has no command '{token}'.{NearestNames.Hint(token, command.Subcommands.Select(each => each.Name))}"
            : $"'{path}' takes no argument '{token}'.";
    }

    static IEnumerable<Command> Ancestors(Symbol symbol) =>
        symbol is Command command ? [command, .. command.Parents.SelectMany(Ancestors)] : [];

    static string PathOf(CommandResult result) => result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "pipeline";
}
