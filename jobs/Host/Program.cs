using Pipeline.Host;
using Pipeline.Host.Serving;

// The lines of a server are for machines where nobody watches; it says itself that it stops.
var isLogged = Console.IsErrorRedirected && args.Contains("serve");
using var signals = new Signals(isLogged ? TextWriter.Null : Console.Error, code => Environment.Exit((int)code), ParentWatch.IsChild);
signals.Register();
if (ParentWatch.IsChild)
{
    ParentWatch.Start(signals.Interrupt);
}

var isPlain = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") == "dumb";
var context = new CliContext
{
    Out = Console.Out,
    Error = Console.Error,
    In = Console.OpenStandardInput(),
    ShowPage = Desktop.Show,
    IsErrorTerminal = !Console.IsErrorRedirected && !isPlain,
    IsOutputTerminal = !Console.IsOutputRedirected && !isPlain,
    Width = Console.IsErrorRedirected || Console.WindowWidth <= 0 ? 80 : Console.WindowWidth,
    CurrentFolder = Environment.CurrentDirectory,
    CancelledBy = () => signals.Code,
    IsInterrupted = () => signals.IsInterrupted,
};
return (int)await Cli.RunAsync(args, context, signals.Token);
