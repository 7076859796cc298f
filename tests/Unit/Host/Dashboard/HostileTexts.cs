namespace Pipeline.Unit.Host.Dashboard;

/// <summary>Fifty texts that would run a script, break a page or a terminal, if they were anything but text.</summary>
static class HostileTexts
{
    public static IReadOnlyList<string> All { get; } =
    [
        "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<ScRiPt>alert(1)</sCrIpT>", "<script src=//evil.example/x.js></script>", "<script >alert(1)</script >",
        "<img src=x onerror=alert(1)>", "<img src=\"x\" onerror=\"alert(1)\">", "<IMG SRC=javascript:alert(1)>", "<img/src/onerror=alert(1)>", "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>", "<svg/onload=alert(1)//", "<body onload=alert(1)>", "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc=\"<script>alert(1)</script>\">",
        "<a href=javascript:alert(1)>x</a>", "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)>", "<marquee onstart=alert(1)>", "<object data=javascript:alert(1)>",
        "<embed src=javascript:alert(1)>", "<form action=javascript:alert(1)><input type=submit>", "<math><mi xlink:href=javascript:alert(1)>x</mi></math>", "<base href=//evil.example/>", "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
        "<link rel=stylesheet href=//evil.example/x.css>", "<style>@import '//evil.example/x.css'</style>", "\"><script>alert(1)</script>", "'><script>alert(1)</script>", "\" onmouseover=\"alert(1)",
        "' onmouseover='alert(1)", "\" autofocus onfocus=alert(1) x=\"", "` onmouseover=alert(1) `", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>", "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "</pre><script>alert(1)</script>", "</option></select><script>alert(1)</script>",
        "--><script>alert(1)</script><!--", "<!--<script>alert(1)</script>", "]]><script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;",
        "${alert(1)}{{constructor.constructor('alert(1)')()}}", "\u2028alert(1)\u2029", "\u202E<script>alert(1)</script>", "\u001b]0;title\u0007\u001b[31mred", "../../../etc/passwd%00<script>alert(1)</script>",
    ];
}
