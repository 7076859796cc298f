namespace Pipeline.Unit.Security;

/// <summary>Texts that somebody may give for a name in the hope that it becomes a path.</summary>
static class Payloads
{
    static readonly string[] Up = ["..", "../", "..\\", "./..", "....//", "..;/", "%2e%2e/", "..%2f", "..%5c", "%252e%252e%252f", "\u2025/", "..\u2215", "..\uFF0F", ".\0./"];

    static readonly string[] Targets = ["etc/passwd", "canary", "spotify", "data", "ledger.jsonl", ".lock", "0-raw", "", ".", "logs/x"];

    static readonly string[] Others =
    [
        "/", "//", "/etc/passwd", "/dev/null", "/proc/self/environ", "\\\\server\\share", "C:\\Windows", "C:", "~", "~root", "$HOME", "${PATH}", "$(id)", "`id`", "; id", "| id", "&& id",
        ".", "..", "...", "-", "--", "-rf", "@file", "*", "?", "[a]", "{a,b}", "!", "#", "%", "\0", "a\0b", "\n", "a\nb", "\r", "\t", " ", "CON", "NUL", "a:b", "a|b", "<x>", "\"", "'", "file:///etc/passwd",
        "\u202Egpj", "\uFEFF", "\uD83D\uDE00", new('a', 300), new('/', 300), string.Concat(Enumerable.Repeat("../", 200)) + "etc/passwd",
    ];

    /// <summary>More than a thousand, none of them a name of anything.</summary>
    public static IReadOnlyList<string> List { get; } =
    [
        .. from up in Up from times in (int[])[1, 2, 3, 8] from target in Targets from before in (string[])["", "spotify/", "/"]
           select before + string.Concat(Enumerable.Repeat(up.EndsWith('/') || up.EndsWith('\\') ? up : up + "/", times)) + target,
        .. Others,
    ];
}
