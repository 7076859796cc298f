namespace Pipeline.Host.Dashboard.Lineage;

/// <summary>
/// Places boxes of a graph without cycles in columns, left to right: each box in the column after the last one that it depends on, in an order
/// that crosses few lines (barycentres, after Sugiyama, Tagawa and Toda 1981), near what it is connected with. Lines that pass a
/// column have a place of their own in it. Same input, same picture.
/// </summary>
sealed class LayeredLayout
{
    const int Sweeps = 8;
    const double Gap = 14, PassingHeight = 8;

    readonly List<List<Cell>> columns = [];
    readonly List<Cell> boxes;

    /// <param name="heights">Of the boxes, each after all that it depends on.</param>
    /// <param name="lines">From box to box; those of one port share their way as long as they can.</param>
    public LayeredLayout(IReadOnlyList<double> heights, IReadOnlyList<LayoutLine> lines)
    {
        boxes = [.. heights.Select(height => new Cell { Height = height })];
        foreach (var (from, to) in lines.Select(line => (boxes[line.From], boxes[line.To])).OrderBy(line => boxes.IndexOf(line.Item2)))
        {
            to.Column = Math.Max(to.Column, from.Column + 1);
        }

        foreach (var box in boxes)
        {
            ColumnOf(box.Column).Add(box);
        }

        Ways = [.. lines.GroupBy(line => (line.From, line.Port)).SelectMany(Route)];
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            Sort(sweep % 2 == 0);
        }

        Place();
    }

    public int Columns => columns.Count;

    /// <summary>Of the tallest column.</summary>
    public double Height { get; private set; }

    /// <summary>Every line with the places at which it passes columns, from left to right.</summary>
    public IReadOnlyList<LayoutWay> Ways { get; }

    public int ColumnAt(int box) => boxes[box].Column;

    /// <summary>Upper edge of a box.</summary>
    public double Top(int box) => boxes[box].Y;

    List<Cell> ColumnOf(int column)
    {
        while (columns.Count <= column)
        {
            columns.Add([]);
        }

        return columns[column];
    }

    IEnumerable<LayoutWay> Route(IGrouping<(int From, int Port), LayoutLine> lines)
    {
        var source = boxes[lines.Key.From];
        List<Cell> trunk = [];
        foreach (var line in lines.OrderBy(line => boxes[line.To].Column))
        {
            var target = boxes[line.To];
            while (source.Column + trunk.Count + 1 < target.Column)
            {
                var passing = new Cell { Column = source.Column + trunk.Count + 1, Height = PassingHeight };
                Connect(trunk.Count > 0 ? trunk[^1] : source, passing);
                columns[passing.Column].Add(passing);
                trunk.Add(passing);
            }

            var passed = trunk.Take(target.Column - source.Column - 1).ToList();
            Connect(passed.Count > 0 ? passed[^1] : source, target);
            yield return new LayoutWay(line, passed);
        }
    }

    static void Connect(Cell left, Cell right)
    {
        left.After.Add(right);
        right.Before.Add(left);
    }

    void Sort(bool isForward)
    {
        foreach (var column in isForward ? columns : Enumerable.Reverse(columns))
        {
            var places = columns.SelectMany(each => each.Select((cell, place) => (cell, place))).ToDictionary(each => each.cell, each => (double)each.place);
            var wanted = column.ToDictionary(cell => cell, cell => (isForward ? cell.Before : cell.After) is { Count: > 0 } near ? near.Average(other => places[other]) : places[cell]);
            var sorted = column.OrderBy(cell => wanted[cell]).ToList();
            column.Clear();
            column.AddRange(sorted);
        }
    }

    void Place()
    {
        foreach (var column in columns)
        {
            Stack(column, _ => 0);
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var column in sweep % 2 == 0 ? columns : Enumerable.Reverse(columns))
            {
                Stack(column, cell => cell.Before.Concat(cell.After) is var near && near.Any() ? near.Average(other => other.Y + (other.Height / 2)) - (cell.Height / 2) : cell.Y);
            }
        }

        var top = columns.SelectMany(column => column).Min(cell => cell.Y);
        foreach (var cell in columns.SelectMany(column => column))
        {
            cell.Y -= top;
        }

        Height = columns.SelectMany(column => column).Max(cell => cell.Y + cell.Height);
    }

    /// <summary>Puts each cell where it wants to be, or as near below as those above it leave room, then the column as a whole to the middle of the wishes.</summary>
    static void Stack(List<Cell> column, Func<Cell, double> wish)
    {
        var wanted = column.Select(wish).ToList();
        var bottom = double.NegativeInfinity;
        foreach (var (cell, y) in column.Zip(wanted))
        {
            cell.Y = Math.Max(y, bottom);
            bottom = cell.Y + cell.Height + Gap;
        }

        var shift = column.Zip(wanted).Average(pair => pair.Second - pair.First.Y);
        column.ForEach(cell => cell.Y += shift);
    }

    /// <summary>A box, or the place where lines pass a column.</summary>
    internal sealed class Cell
    {
        public int Column { get; set; }

        public double Y { get; set; }

        public required double Height { get; init; }

        public List<Cell> Before { get; } = [];

        public List<Cell> After { get; } = [];
    }
}

/// <param name="Port">Which output of the box it leaves from.</param>
readonly record struct LayoutLine(int From, int Port, int To);

/// <param name="Passed">The places at which it passes columns.</param>
sealed record LayoutWay(LayoutLine Line, IReadOnlyList<LayeredLayout.Cell> Passed);
