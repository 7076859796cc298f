using System.CommandLine;
using Pipeline.Host.Health;
using Pipeline.Stages;

namespace Pipeline.Host.Commands;

/// <summary>`doctor`: looks at everything that a run needs and says what to do where it is not so.</summary>
static class DoctorCommand
{
    public static Command Create(CliContext context, CommonOptions common)
    {
        var command = new Command("doctor", "Check machine, configuration and data, and say what to do.");
        command.SetAction(parsed =>
        {
            var session = new Session(context, common.Read(parsed));
            var checks = Checks(session).ToList();
            session.Output.Json(new { healthy = checks.All(check => check.Verdict != Verdict.Fail), checks });
            session.Output.Table(
                ["", "check", "found", "what to do"],
                checks.Select(check => (IReadOnlyList<string>)[check.Verdict.ToString().ToUpperInvariant(), check.Name, check.Found, check.Advice ?? ""]));
            return (int)checks.Select(check => check.Code).FirstOrDefault(code => code != ExitCode.Ok);
        });
        return command;
    }

    static IEnumerable<HealthCheck> Checks(Session session)
    {
        yield return MachineChecks.Runtime();
        yield return MachineChecks.Vectors();
        var configuration = DataChecks.Configuration(session);
        yield return configuration;
        if (configuration.Verdict == Verdict.Fail)
        {
            // Where the data lie and what they need is only known from a valid configuration.
            yield break;
        }

        yield return MachineChecks.Threads(session.Threads);
        var folder = session.Configuration.DataRoot;
        yield return MachineChecks.Writable(folder);
        yield return MachineChecks.Space(folder);
        var readable = DataChecks.Readable(session);
        yield return readable;
        if (readable.Verdict == Verdict.Fail)
        {
            yield break;
        }

        foreach (var dataset in session.Datasets)
        {
            yield return DataChecks.Raw(dataset, session.Configuration.Value);
            yield return DataChecks.Lock(session, dataset);
            yield return DataChecks.LastRun(session, dataset);
        }
    }
}
