using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Pipeline.Scoring.Report;

/// <summary>A piece of HTML or SVG. A string is text and nothing else: it is encoded when it is written, wherever it came from.</summary>
abstract class Markup
{
    /// <summary>Letters of every script stay as they are; what HTML gives a meaning to does not.</summary>
    protected static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public abstract void WriteTo(StringBuilder page);

    public override string ToString()
    {
        var page = new StringBuilder();
        WriteTo(page);
        return page.ToString();
    }

    public static implicit operator Markup(string text) => new TextMarkup(text);

    sealed class TextMarkup(string text) : Markup
    {
        public override void WriteTo(StringBuilder page) => page.Append(Encoder.Encode(text));
    }
}

/// <summary>An element: <code>new Element("td") { ("class", "best"), "0.95" }</code></summary>
sealed class Element(string name) : Markup, System.Collections.IEnumerable
{
    /// <summary>HTML's elements that have neither content nor an end tag.</summary>
    static readonly string[] Empty = ["br", "meta", "link", "input", "hr", "img"];

    readonly List<(string Name, string Value)> attributes = [];
    readonly List<Markup> content = [];

    public void Add((string Name, string Value) attribute) => attributes.Add(attribute);

    /// <summary>An attribute that is a number, such as a coordinate: two decimals at most.</summary>
    public void Add((string Name, double Value) attribute) =>
        attributes.Add((attribute.Name, attribute.Value.ToString("0.##", CultureInfo.InvariantCulture)));

    public void Add(string text) => content.Add(text);

    public void Add(Markup child) => content.Add(child);

    public void Add(IEnumerable<Markup> children) => content.AddRange(children);

    public override void WriteTo(StringBuilder page)
    {
        page.Append('<').Append(name);
        foreach (var (attribute, value) in attributes)
        {
            page.Append(' ').Append(attribute).Append("=\"").Append(Encoder.Encode(value)).Append('"');
        }

        page.Append('>');
        if (Array.IndexOf(Empty, name) >= 0)
        {
            return;
        }

        foreach (var child in content)
        {
            child.WriteTo(page);
        }

        page.Append("</").Append(name).Append('>');
        if (name is "tr" or "table" or "p" or "section" or "h1" or "h2" or "li" or "svg" or "details" or "text" or "g" or "path")
        {
            page.Append('\n');
        }
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => content.GetEnumerator();
}

/// <summary>Our own constant text, such as the style sheet, which is written as it stands.</summary>
sealed class Verbatim(string text) : Markup
{
    public override void WriteTo(StringBuilder page) => page.Append(text);
}
