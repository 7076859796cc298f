using Pipeline.Bench;

// dotnet run -c Release --project tests/Bench -- step|profile [options]
return args switch
{
    ["step", ..] => StepBench.Run(Option("--threads", Environment.ProcessorCount), Option("--seconds", 5)),
    ["profile", ..] => StepBench.Profile(Option("--threads", Environment.ProcessorCount), Option("--steps", 100)),
    _ => Usage(),
};

int Option(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], out var value) ? value : otherwise;
}

static int Usage()
{
    Console.Error.WriteLine("bench step [--threads N] [--seconds S]    milliseconds per training step, for each tower and shape of data");
    Console.Error.WriteLine("bench profile [--threads N] [--steps S]   where that time goes, by kernel");
    return 2;
}
