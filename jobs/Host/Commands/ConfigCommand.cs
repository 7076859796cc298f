using System.CommandLine;
using Pipeline.Stages;
using Pipeline.Stages.Configuration;

namespace Pipeline.Host.Commands;

/// <summary>`config show`, `config validate` and `config schema`.</summary>
static class ConfigCommand
{
    public static Command Create(CliContext context, CommonOptions common) => new("config", "Look at the configuration.")
    {
        Verb("show", "Print every option that is in force, defaults too.", context, common, session =>
        {
            // The text is JSON itself: --json changes nothing.
            context.Out.Write(OptionsWriter.ToText(session.Configuration.Value));
            session.Output.Note($"From: {Origin(session)}");
        }),
        Verb("validate", "Check the configuration; every error is named.", context, common, session =>
        {
            session.Output.Json(new { valid = true, file = session.Configuration.File, settings = session.Configuration.Settings });
            session.Output.Line($"Valid: {Origin(session)}");
        }),
        Verb("schema", "Print the JSON Schema of pipeline.json, for editors.", context, common, _ => context.Out.Write(Schema())),
    };

    /// <summary>The text of pipeline.schema.json.</summary>
    public static string Schema() => OptionsSchema.Generate<PipelineConfiguration>(LoadedConfiguration.FileName).ToJsonString(OptionsFormat.Json) + "\n";

    static Command Verb(string name, string description, CliContext context, CommonOptions common, Action<Session> action)
    {
        var command = new Command(name, description);
        command.SetAction(parsed =>
        {
            action(new Session(context, common.Read(parsed)));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    static string Origin(Session session) =>
        (session.Configuration.File is { } file ? session.Shorten(file) : $"no {LoadedConfiguration.FileName} here, all defaults")
        + (session.Configuration.Settings.Count > 0 ? $", and {session.Configuration.Settings.Count} --set" : "");
}
