using System.Diagnostics;

namespace Pipeline.Unit.Host;

/// <summary>A disk of a few megabytes, in memory, mounted on a folder. Only root may mount.</summary>
sealed class SmallDisk : IDisposable
{
    static readonly Lazy<string?> Refusal = new(TryOnce);

    readonly string folder;

    /// <param name="megabytes">Of the whole disk.</param>
    public SmallDisk(string folder, int megabytes)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        if (Command("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder) is { } error)
        {
            throw new InvalidOperationException(error);
        }
    }

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? Absence => Refusal.Value;

    public long Free => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Fills the disk but for so many bytes.</summary>
    /// <returns>The file that does.</returns>
    public string Fill(int left)
    {
        var ballast = Path.Combine(folder, "ballast");
        File.WriteAllBytes(ballast, new byte[Math.Max(0, Free - left)]);
        return ballast;
    }

    public void Dispose() => Command("umount", "-l", folder);

    static string? TryOnce()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "A disk in memory needs Linux.";
        }

        using var folder = new TempFolder();
        try
        {
            using var disk = new SmallDisk(folder.File("disk"), 1);
            return null;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"No disk can be mounted here: {error.Message}";
        }
    }

    /// <returns>What went wrong, or null.</returns>
    static string? Command(string name, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(name, args) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{name}: {error.Trim()}";
    }
}

/// <summary>A test that needs a small disk, and is skipped with the reason where none can be mounted.</summary>
sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Absence;
}
