using System.CommandLine;

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
}
