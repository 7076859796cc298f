using System.Text.Json;
using Pipeline.Features;
using Pipeline.Stages;

namespace Pipeline.Scoring.Report;

/// <summary>Who was asked and who counts, in words.</summary>
static class SampleText
{
    /// <summary>"5 seeds, which all test the same users: 144 counted, 217 left out, who like nothing in the catalogue."</summary>
    public static string Of(Results results)
    {
        var evaluation = results.Evaluation;
        var each = SeedsOfOneSample(evaluation);
        var (counted, leftOut, unknown) = (evaluation.Users / each, evaluation.UsersLeftOut / each, evaluation.UsersByPopularity / each);
        var start = each > 1 ? $"{results.Seeds} seeds, which all test the same users: {Numbers.Count(counted)} counted"
            : $"{Numbers.Of(results.Seeds, "seed")}; {Numbers.Of(counted, "test user")} counted{(results.Seeds > 1 ? ", all seeds together" : "")}";
        var like = $"who {(leftOut == 1 ? "likes" : "like")} nothing{(results.EvaluationOfAll is null ? "" : " in the catalogue")}";
        return start + (leftOut == 0 ? "." : $", {Numbers.Count(leftOut)} left out, {like}.")
            + (unknown == 0 ? "" : $" Of {Numbers.Count(unknown)} of those counted nothing is known: every tower gives them a list by popularity, as in the published lists.");
    }

    /// <summary>Whom the second table has besides: the end of a sentence.</summary>
    public static string BroughtIn(Evaluation catalogue, Evaluation all)
    {
        return ((all.Users - catalogue.Users) / SeedsOfOneSample(all)) switch
        {
            0 => ".",
            1 => ", and it brings in 1 test user who liked nothing else and counts as 0 everywhere.",
            var users => $", and it brings in {Numbers.Of(users, "test user")} who liked nothing else and count as 0 everywhere.",
        };
    }

    /// <summary>How many seeds count the same users: 1 where each has its own.</summary>
    public static int SeedsOfOneSample(Evaluation evaluation) => evaluation.SharesUsers ? evaluation.Seeds.Count : 1;

    /// <summary>What drew the test users, and how.</summary>
    public static IEnumerable<Markup> Protocol(IReadOnlyList<Manifest> inputs) => inputs.Where(manifest => manifest.Artifact == FeatureArtifacts.Test.Folder).Take(1)
        .Select(test => new Element("p")
        {
            "Test users, and what they like, were set apart by ", new Element("code") { test.Stage }, " with the options ",
            new Element("code") { test.Options.ToJsonString(JsonSerializerOptions.Web) }, ".",
        });
}
