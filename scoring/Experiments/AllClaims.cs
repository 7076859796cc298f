namespace Pipeline.Scoring.Experiments;

/// <summary>Every claim of the paper that is judged, in the order of the page.</summary>
static class AllClaims
{
    public static IReadOnlyList<Claim> Of(ExperimentResults results)
    {
        var settings = VaccineSetting.List.Select(setting => TowerClaims.AtLeastAsGood(results, setting.Dataset, setting.Title)).ToList();
        return
        [
            TowerClaims.AtLeastAsGood(results, "spotify", "Spotify"),
            FigureClaims.SpotifyLearnsEarly(results),
            TowerClaims.AboutEqual(results, "hm", "H&M"),
            TowerClaims.TransformerIsAhead(results, "hm", "H&M", "HR@1"),
            .. settings,
            TowerClaims.AtLeastAsGoodEverywhere(settings),
            TowerClaims.NearlyDoubles(results),
            FallClaims.Of(results, "quality falls as clusters grow, the messages being as many", setting => setting.Messages, setting => setting.Clusters),
            FallClaims.Of(results, "quality falls as messages grow, the clusters being as many", setting => setting.Clusters, setting => setting.Messages),
            FigureClaims.EndsAreUnderpredicted(results),
        ];
    }
}

/// <summary>One of the paper's six vaccine settings.</summary>
sealed record VaccineSetting(int Clusters, int Messages)
{
    public static IReadOnlyList<VaccineSetting> List { get; } = [new(25, 25), new(25, 50), new(25, 100), new(50, 50), new(50, 100), new(100, 100)];

    public string Dataset => $"vaccine-{Size}";

    public string Size => $"{Clusters}x{Messages}";

    public string Title => $"vaccine {Size}";
}
