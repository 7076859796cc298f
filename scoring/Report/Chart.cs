using System.Globalization;
using System.Text;

namespace Pipeline.Scoring.Report;

/// <param name="Low">Lower end of the band; the same as Y where there is none.</param>
readonly record struct ChartPoint(double X, double Y, double Low, double High);

/// <param name="Style">Class of the style sheet that gives colour and dash: "mamba", "transformer".</param>
sealed record ChartSeries(string Title, string Style, IReadOnlyList<ChartPoint> Points);

/// <summary>A line chart as inline SVG, with bands, axes, units and a legend, followed by the table of its data.</summary>
sealed record Chart
{
    const double Width = 460, Height = 290, Left = 66, Right = 432, Top = 16, Bottom = 242;

    public required string Title { get; init; }

    /// <summary>What it shows in words, for who cannot see it.</summary>
    public required string Description { get; init; }

    /// <summary>With unit: "training steps".</summary>
    public required string XTitle { get; init; }

    public required string YTitle { get; init; }

    /// <summary>Unique on the page; letters, digits and hyphens.</summary>
    public required string Id { get; init; }

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Name of the band in the data's table ("95 % interval"); null where points have none.</summary>
    public string? BandTitle { get; init; }

    /// <summary>Marks single points and draws no line: x is a category, not a quantity.</summary>
    public bool IsScatter { get; init; }

    /// <summary>Where x is a place among things that have names, as reports by date: their names, by place from 0. Each is marked. Null where x is a quantity.</summary>
    public IReadOnlyList<string>? XLabels { get; init; }

    /// <summary>Places after the point in the data's table.</summary>
    public int Decimals { get; init; } = 3;

    public Markup ToMarkup()
    {
        var points = Series.SelectMany(series => series.Points).ToList();
        var x = XLabels is { } labels ? Axis.OfPlaces(labels.Count, Left, Right) : Axis.Over(points.Select(point => point.X), Left, Right);
        var y = Axis.Over(points.SelectMany(point => new[] { point.Low, point.High, point.Y }), Bottom, Top);
        var svg = new Element("svg")
        {
            ("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {Height}")),
            ("role", "img"),
            ("aria-labelledby", $"{Id}-title {Id}-desc"),
            new Element("title") { ("id", Id + "-title"), Title },
            new Element("desc") { ("id", Id + "-desc"), Description },
            Grid(x, y),
        };
        foreach (var series in Series)
        {
            svg.Add(Draw(series, x, y));
        }

        return new Element("figure")
        {
            new Element("figcaption") { Title },
            Legend(),
            svg,
            new Element("details") { new Element("summary") { "Data of this chart" }, new Element("div") { ("class", "scroll"), Table() } },
        };
    }

    Element Grid(Axis x, Axis y)
    {
        var grid = new Element("g") { ("class", "axis"), ("aria-hidden", "true") };
        foreach (var tick in y.Ticks)
        {
            grid.Add(new Element("path") { ("class", IsZero(tick, y) ? "grid zero" : "grid"), ("d", Line((Left, y.At(tick)), (Right, y.At(tick)))) });
            grid.Add(new Element("text") { ("x", Left - 8), ("y", y.At(tick) + 4), ("text-anchor", "end"), y.Label(tick) });
        }

        foreach (var (tick, label) in XTicks(x))
        {
            grid.Add(new Element("path") { ("class", "tick"), ("d", Line((x.At(tick), Bottom), (x.At(tick), Bottom + 5))) });
            grid.Add(new Element("text") { ("x", x.At(tick)), ("y", Bottom + 19), ("text-anchor", "middle"), label });
        }

        grid.Add(new Element("path") { ("class", "base"), ("d", Line((Left, Bottom), (Right, Bottom))) });
        grid.Add(new Element("text") { ("class", "unit"), ("x", (Left + Right) / 2), ("y", Height - 8), ("text-anchor", "middle"), XTitle });
        grid.Add(new Element("text")
        {
            ("class", "unit"),
            ("text-anchor", "middle"),
            ("transform", string.Create(CultureInfo.InvariantCulture, $"translate(12 {(Top + Bottom) / 2}) rotate(-90)")),
            YTitle,
        });
        return grid;
    }

    /// <summary>Of many names, as many as can be read.</summary>
    IEnumerable<(double At, string Label)> XTicks(Axis x)
    {
        const int Readable = 4;
        return XLabels is not { } labels
            ? x.Ticks.Select(tick => (tick, x.Label(tick)))
            : labels.Select((label, place) => ((double)place, label)).Where((_, place) => place % ((labels.Count + Readable - 1) / Readable) == 0);
    }

    Element Draw(ChartSeries series, Axis x, Axis y)
    {
        var drawing = new Element("g") { ("class", "series " + series.Style), ("aria-hidden", "true") };
        var points = series.Points;
        if (points.Count == 0)
        {
            return drawing;
        }

        if (BandTitle is not null)
        {
            var upper = points.Select(point => (x.At(point.X), y.At(point.High)));
            var lower = points.Reverse().Select(point => (x.At(point.X), y.At(point.Low)));
            drawing.Add(new Element("path") { ("class", "band"), ("d", Line([.. upper, .. lower]) + "Z") });
        }

        if (!IsScatter)
        {
            drawing.Add(new Element("path") { ("class", "line"), ("d", Line([.. points.Select(point => (x.At(point.X), y.At(point.Y)))])) });
        }

        if (IsScatter || XLabels is not null || points.Count == 1)
        {
            foreach (var point in points)
            {
                drawing.Add(new Element("circle") { ("class", "dot"), ("cx", x.At(point.X)), ("cy", y.At(point.Y)), ("r", 3) });
            }
        }

        return drawing;
    }

    Element Legend()
    {
        var legend = new Element("p") { ("class", "legend") };
        foreach (var series in Series)
        {
            var sample = new Element("svg")
            {
                ("class", "swatch"),
                ("viewBox", "0 0 30 10"),
                ("aria-hidden", "true"),
                new Element("g")
                {
                    ("class", "series " + series.Style),
                    IsScatter
                        ? new Element("circle") { ("class", "dot"), ("cx", 15), ("cy", 5), ("r", 4) }
                        : new Element("path") { ("class", "line"), ("d", "M1 5L29 5") },
                },
            };
            legend.Add(new Element("span") { sample, " " + series.Title });
        }

        return legend;
    }

    Element Table()
    {
        var header = new Element("tr") { new Element("th") { ("scope", "col"), XTitle } };
        foreach (var series in Series)
        {
            header.Add(new Element("th") { ("scope", "col"), BandTitle is null ? series.Title : $"{series.Title} ({BandTitle})" });
        }

        var table = new Element("table") { new Element("caption") { $"{Title}: {YTitle}" }, new Element("thead") { header } };
        var body = new Element("tbody");
        foreach (var at in Series.SelectMany(series => series.Points).Select(point => point.X).Distinct().Order())
        {
            var row = new Element("tr") { new Element("th") { ("scope", "row"), XLabels?[(int)at] ?? at.ToString("#,0.##", CultureInfo.InvariantCulture) } };
            foreach (var series in Series)
            {
                row.Add(new Element("td") { Cell(series.Points.Where(point => point.X == at)) });
            }

            body.Add(row);
        }

        table.Add(body);
        return table;
    }

    string Cell(IEnumerable<ChartPoint> points) => string.Join("; ", points.Select(point => BandTitle is null
        ? Numbers.Fixed(point.Y, Decimals)
        : $"{Numbers.Fixed(point.Y, Decimals)} ({Numbers.Fixed(point.Low, Decimals)} to {Numbers.Fixed(point.High, Decimals)})"));

    /// <summary>Zero is worth a darker line where values lie on both sides of it.</summary>
    static bool IsZero(double tick, Axis axis) => Math.Abs(tick) < 1e-12 && axis.Ticks[0] < 0;

    static string Line(params ReadOnlySpan<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points)
        {
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{x:0.##} {y:0.##}");
        }

        return path.ToString();
    }
}
