using System.Text.Json;
using Pipeline.Stages;

namespace Pipeline.Ingest.Datasets;

/// <summary>Who the generated users are: an age and categories, drawn independently of each other by the shares of vaccine-population.json.</summary>
/// <remarks>NOTE: Starnes and Webster, sec. III-C, name the features and say "randomly sampled"; values and shares are ours, with their sources in the file.</remarks>
/// <param name="Age">A normal distribution, rounded to years and cut at both ends.</param>
/// <param name="Categories">In the order of the columns.</param>
sealed record VaccinePopulation(AgeDistribution Age, IReadOnlyList<CategoryDistribution> Categories)
{
    /// <summary>The one that the project brings along.</summary>
    public static VaccinePopulation Built { get; } = Read();

    static VaccinePopulation Read()
    {
        using var stream = typeof(VaccinePopulation).Assembly.GetManifestResourceStream("vaccine-population.json")!;
        return JsonSerializer.Deserialize<VaccinePopulation>(stream, JsonSerializerOptions.Web)!;
    }
}

/// <param name="Mean">Years, before the cut.</param>
/// <param name="Deviation">Years, before the cut.</param>
/// <param name="Lowest">Years; a lower draw is drawn again.</param>
/// <param name="Highest">Years; a higher draw is drawn again.</param>
sealed record AgeDistribution(double Mean, double Deviation, int Lowest, int Highest, string Source)
{
    // A sum of twelve uniform numbers has variance 1 and, other than a logarithm, the same bits everywhere.
    const int Summands = 12;

    public int Draw(RandomStream random)
    {
        while (true)
        {
            var sum = -Summands / 2.0;
            for (var i = 0; i < Summands; i++)
            {
                sum += random.NextDouble();
            }

            var age = (int)Math.Round(Mean + (Deviation * sum));
            if (age >= Lowest && age <= Highest)
            {
                return age;
            }
        }
    }
}

/// <param name="Shares">By value, in per cent or any other unit: only their ratios count.</param>
sealed record CategoryDistribution(string Name, string Source, IReadOnlyDictionary<string, double> Shares)
{
    public string Draw(RandomStream random)
    {
        var left = random.NextDouble() * Shares.Values.Sum();
        foreach (var (value, share) in Shares)
        {
            left -= share;
            if (left < 0)
            {
                return value;
            }
        }

        return Shares.Last().Key;
    }
}
