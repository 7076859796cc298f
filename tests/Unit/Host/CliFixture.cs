using System.Text;
using Pipeline.Host;

namespace Pipeline.Unit.Host;

/// <summary>The command line in a folder of its own, with a small dataset. Deleted with the fixture.</summary>
sealed class CliFixture : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipeline-cli-");

    public StubPipeline Dataset { get; } = new();

    /// <summary>What another program hands over.</summary>
    public string Input { get; set; } = "";

    /// <summary>Shows pages; there is no desktop unless a test sets one.</summary>
    public Func<string, bool> ShowPage { get; set; } = _ => false;

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The current folder of the command line.</summary>
    public string Folder => folder.FullName;

    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>Makes a folder with one file in it.</summary>
    public string RawFolder(string name = "raw")
    {
        Directory.CreateDirectory(File(name));
        System.IO.File.WriteAllText(Path.Combine(File(name), "songs.csv"), "id\n1\n");
        return File(name);
    }

    public CliResult Run(params string[] args) => RunAsync(CancellationToken.None, args).GetAwaiter().GetResult();

    public async Task<CliResult> RunAsync(CancellationToken cancellation, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(Input));
        var context = new CliContext { Out = output, Error = error, In = input, ShowPage = ShowPage, CurrentFolder = Folder, Clock = Clock, Datasets = [Dataset] };
        var code = await Cli.RunAsync(args, context, cancellation);
        return new CliResult(code, output.ToString(), error.ToString());
    }

    public void Dispose() => folder.Delete(recursive: true);
}
