using Pipeline.Host;
using Pipeline.Host.Serving;
using Pipeline.Host.Terminal;

// The lines of a server are for machines where nobody watches; it says itself that it stops.
var isLogged = Console.IsErrorRedirected && args.Contains("serve");
using var error = new StandardStream(Console.Error, isResult: false);
using var output = new StandardStream(Console.Out, isResult: true);
using var signals = new Signals(isLogged ? TextWriter.Null : error, code => Environment.Exit((int)code), TimeProvider.System, ParentWatch.IsChild);
signals.Register();
if (ParentWatch.IsChild)
{
    ParentWatch.Start(signals.Interrupt);
}

var isPlain = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") == "dumb";
var context = new CliContext
{
    Out = output,
    Error = error,
    Log = Console.Error,
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
