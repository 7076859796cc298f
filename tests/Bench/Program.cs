using System.CommandLine;
using Pipeline.Bench;

// dotnet run -c Release --project tests/Bench -- step|gemm|scan|score|growth|profile|kmeans|ingest|export|pages [options]
var root = new RootCommand("Measures the engine beside what the machine can do and, with --peer, beside PyTorch.");
foreach (var (name, description, run) in new (string, string, Func<Setup, Results>)[]
{
    ("step", "Training steps of both towers, for the three shapes of data.", StepBench.Run),
    ("gemm", "The three products of a linear layer.", GemmBench.Run),
    ("scan", "The selective scan, forward and backward.", ScanBench.Run),
    ("score", "Embedding a table of users; the best items of a million users.", ScoreBench.Run),
    ("growth", "Time and memory of a token as samples grow from 16 to 4,096 tokens.", GrowthBench.Run),
    ("profile", "Where the time of a step goes, kernel by kernel, each beside its roofline.", ProfileBench.Run),
    ("kmeans", "k-means of up to a million points, beside scikit-learn and FAISS.", KMeansBench.Run),
})
{
    root.Add(BenchOptions.Command(name, description, run));
}

root.Add(IngestBench.Command());
root.Add(ExportBench.Command());
root.Add(PagesBench.Command());
root.Add(ExportBench.ChildCommand());
return root.Parse(args).Invoke();
