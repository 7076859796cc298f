namespace Pipeline.Scoring.Report;

/// <summary>The look of a report: light, dark or on paper, as the reader's machine asks for.</summary>
static class Style
{
    public const string Sheet = """
        :root { color-scheme: light dark; --ink: #1c2330; --faint: #5b6577; --line: #d8dde6; --paper: #ffffff; --tint: #f4f6fa; --best: #e6f2ec;
          --mamba: #0f6cbd; --transformer: #c2500a; --popularity: #5b6577; --oracle: #2f7d4f; --random: #8a5aa8; --warn: #9a3b00; --warn-tint: #fff3e6; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e7eaf0; --faint: #a3adbd; --line: #353d4b; --paper: #14181f; --tint: #1c222c; --best: #17372a;
            --mamba: #6cb6ff; --transformer: #ffa25f; --popularity: #a3adbd; --oracle: #6fcf97; --random: #c79be6; --warn: #ffb27a; --warn-tint: #3a2412; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 74rem; background: var(--paper); color: var(--ink);
          font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem; }
        h2 { font-size: 1.2rem; margin: 2.6rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line); }
        p, li { max-width: 62rem; }
        .lead { color: var(--faint); margin: 0 0 1rem; }
        .origin { display: inline-block; font-weight: 700; letter-spacing: .04em; padding: .15rem .6rem; border-radius: .3rem; border: 1px solid var(--oracle); color: var(--oracle); }
        .origin.generated, .notice { border: 1px solid var(--warn); color: var(--warn); background: var(--warn-tint); }
        .notice { padding: .6rem .9rem; border-radius: .3rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; margin: .6rem 0 1rem; min-width: min(100%, 44rem); }
        caption { text-align: left; color: var(--faint); padding-bottom: .5rem; max-width: min(62rem, calc(100vw - 2.5rem)); position: sticky; left: 0; }
        th, td { padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
        thead th { border-bottom: 2px solid var(--line); white-space: nowrap; }
        td.number, th.number { text-align: right; }
        tr.first th, tr.first td { border-top: 2px solid var(--line); }
        .value { display: block; font-size: 1rem; }
        .range, .printed { display: block; color: var(--faint); font-size: .8rem; white-space: nowrap; }
        td.best { background: var(--best); padding-left: .5rem; }
        table.main { width: 100%; } table.main td { padding-left: .5rem; } table.main th, table.main td { padding-right: .3rem; }
        table.main thead th { padding-left: .5rem; white-space: normal; vertical-align: bottom; } table.main thead th:first-child { padding-left: 0; }
        th .range { font-weight: 400; } table.dense .range, table.dense .printed { font-size: .72rem; } table.dense .printed { white-space: normal; }
        table.main tr > th:first-child { position: sticky; left: 0; background: var(--paper); } table.groups th { white-space: nowrap; }
        code { font: .85em/1.4 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem 1.5rem; }
        figure { margin: .5rem 0; min-width: 0; }
        figcaption { font-weight: 600; }
        figure table { min-width: 0; font-size: .8rem; }
        figure > svg { width: 100%; height: auto; max-width: 34rem; display: block; }
        .legend { margin: .1rem 0; color: var(--faint); font-size: .85rem; }
        .legend span { margin-right: 1.2rem; white-space: nowrap; }
        .swatch { width: 30px; height: 10px; vertical-align: middle; }
        details { margin: .5rem 0; } summary { cursor: pointer; color: var(--faint); font-size: .9rem; }
        svg text { fill: var(--faint); font-size: 13px; } svg .unit { fill: var(--ink); }
        .grid { stroke: var(--line); fill: none; } .grid.zero { stroke: var(--faint); } .tick, .base { stroke: var(--faint); fill: none; }
        .series { --c: var(--popularity); } .series.mamba { --c: var(--mamba); } .series.transformer { --c: var(--transformer); }
        .series.oracle { --c: var(--oracle); } .series.random { --c: var(--random); }
        .line { stroke: var(--c); stroke-width: 2.2; fill: none; stroke-linejoin: round; } .band { fill: var(--c); opacity: .18; } .dot { fill: var(--c); }
        .transformer .line { stroke-dasharray: 7 3; } .transformer .dot { fill: none; stroke: var(--c); stroke-width: 1.6; }
        @media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 11px; } h2, figure, tr { break-inside: avoid; break-after: auto; } .scroll { overflow: visible; } }
        """;
}
