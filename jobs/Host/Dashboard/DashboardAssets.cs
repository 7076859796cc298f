using Pipeline.Scoring.Report;

namespace Pipeline.Host.Dashboard;

/// <summary>The files that pages refer to. They lie in the executable; nothing comes from elsewhere.</summary>
static class DashboardAssets
{
    public const string Sheet = "/assets/dashboard.css";
    public const string Script = "/assets/dashboard.js";
    public const string Icon = "/assets/icon.svg";

    /// <summary>Content and media type by address. The style sheet begins with the reports' one, for the same colours and tables.</summary>
    public static IReadOnlyDictionary<string, (string Content, string Type)> All { get; } = new Dictionary<string, (string, string)>
    {
        [Sheet] = (Style.Sheet + "\n" + Read("dashboard.css"), "text/css; charset=utf-8"),
        [Script] = (Read("dashboard.js"), "text/javascript; charset=utf-8"),
        [Icon] = (Read("icon.svg"), "image/svg+xml"),
    };

    static string Read(string name)
    {
        using var reader = new StreamReader(typeof(DashboardAssets).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
