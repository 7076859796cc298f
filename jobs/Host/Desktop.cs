using System.Diagnostics;

namespace Pipeline.Host;

/// <summary>Opens files with what the person at this machine has set up for them.</summary>
static class Desktop
{
    /// <param name="path">Absolute.</param>
    /// <returns>False if there is no desktop here, or nothing that opens files.</returns>
    public static bool Show(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            using var shell = Process.Start(new ProcessStartInfo(path) { UseShellExecute = true });
            return true;
        }

        var hasScreen = OperatingSystem.IsMacOS() || HasValue("DISPLAY") || HasValue("WAYLAND_DISPLAY");
        return hasScreen && Find(OperatingSystem.IsMacOS() ? "open" : "xdg-open") is { } opener && Start(opener, path);
    }

    static bool Start(string opener, string path)
    {
        // Some openers stay until the page is closed, and talk meanwhile: nobody waits for them or listens.
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "exec \"$0\" \"$1\" < /dev/null > /dev/null 2>&1", opener, path } };
        using var process = Process.Start(start);
        return process is not null;
    }

    static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    static bool HasValue(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
