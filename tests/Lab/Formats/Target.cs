namespace Pipeline.Lab.Formats;

/// <summary>A file to damage, and who reads it.</summary>
/// <param name="Clean">What is damaged: the file, or the part of it that is.</param>
/// <param name="Read">Reads the damaged bytes, which lie at the path; tells what is wrong with the reading, or null.</param>
/// <param name="Damage">Makes the file of what was damaged.</param>
sealed record Target(string Name, string Path, byte[] Clean, Func<byte[], string?> Read, Func<byte[], byte[]> Damage)
{
    /// <summary>The whole file is damaged.</summary>
    public static Target Of(string name, string path, Func<byte[], string?> read) => new(name, path, File.ReadAllBytes(path), read, damaged => damaged);
}
