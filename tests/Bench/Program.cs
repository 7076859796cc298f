using Pipeline.Bench;

// dotnet run -c Release --project tests/Bench -- step [--threads N] [--seconds S]
return args is ["step", ..]
    ? StepBench.Run(Option("--threads", Environment.ProcessorCount), Option("--seconds", 5))
    : Usage();

int Option(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], out var value) ? value : otherwise;
}

static int Usage()
{
    Console.Error.WriteLine("bench step [--threads N] [--seconds S]    milliseconds per training step, for each tower and shape of data");
    return 2;
}
