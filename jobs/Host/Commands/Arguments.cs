using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Pipeline.Host.Commands;

/// <summary>Arguments that several verbs share.</summary>
static class Arguments
{
    public static Argument<string[]> Selection() => new("selection")
    {
        Description = "Which stages: spotify, spotify/train, spotify/train/mamba, */report; STAGE+ adds all after it, +STAGE all before it; state:stale. "
            + "Default: the datasets of pipeline.json's 'default'.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Option<bool> Force() => new("--force") { Description = "Run the selected stages although they are up to date." };

    public const string StoreName = "--store";

    public static Option<string?> Store() => new(StoreName)
    {
        Description = "PostgreSQL database through which machines share the work; the password comes from PIPELINE_STORE_PASSWORD or PIPELINE_STORE_PASSWORD_FILE. "
            + "Default: 'store.url' of pipeline.json.",
        HelpName = "postgres://USER@HOST/DB",
    };

    /// <summary>Refuses an option's empty text, as of a variable of the shell that is not set: it would name the current folder.</summary>
    public static Action<OptionResult> IsNotEmpty(string what) => result =>
    {
        if (result.Tokens is [{ Value: "" }])
        {
            result.AddError($"{result.Option.Name} is empty; it must name {what}.");
        }
    };

    /// <summary>An option that takes a whole number of at least 1; null if it is not given.</summary>
    /// <param name="most">The largest that it may be.</param>
    public static Option<int?> Count(string name, string description, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 && count <= most)
            {
                return count;
            }

            result.AddError($"{name} is '{text}'; it must be a whole number {(most == int.MaxValue ? "of at least 1" : $"within 1 .. {most}")}.");
            return null;
        },
    };
}
