namespace Pipeline.Unit;

/// <summary>A file that can be neither read nor written, by root neither: a link that leads in a circle has its name. Disposed of, the file is back.</summary>
sealed class UnreadableFile : IDisposable
{
    readonly string path, kept;

    public UnreadableFile(string path)
    {
        (this.path, kept) = (path, $"{path}.kept");
        File.Move(path, kept);
        File.CreateSymbolicLink(path, path);
    }

    public void Dispose()
    {
        File.Delete(path);
        File.Move(kept, path);
    }
}
