using Pipeline.Features;
using Pipeline.Scoring.Baselines;

namespace Pipeline.Unit.Scoring.Baselines;

public sealed class AgeGroupsTests
{
    [Fact]
    public void Groups_are_of_about_equal_size_and_users_of_one_age_stay_together()
    {
        // Ages 16 to 95, ten users of each: 80 ages in 8 groups of ten ages.
        var groups = AgeGroups.Of(Users([.. Enumerable.Range(0, 800).Select(user => 16f + (user % 80))]));

        Assert.Equal(Enumerable.Range(0, 800).Select(user => user % 80 / 10), groups);
    }

    [Fact]
    public void It_does_not_matter_how_the_age_is_scaled()
    {
        float[] years = [.. Enumerable.Range(0, 500).Select(user => 16f + (user * 37 % 60))];

        Assert.Equal(AgeGroups.Of(Users(years)), AgeGroups.Of(Users([.. years.Select(age => (age - 36.4f) / 14.3f)])));
    }

    [Fact]
    public void An_age_that_most_users_have_makes_one_large_group()
    {
        // 90 of 100 users are 20: every bound up to 7/8 is 20, so nobody is younger than the first bound.
        var groups = AgeGroups.Of(Users([.. Enumerable.Repeat(20f, 90), .. Enumerable.Repeat(50f, 10)]));

        Assert.Single(groups.Distinct());
    }

    [Fact]
    public void Unknown_ages_are_a_group_of_their_own_and_move_no_bound()
    {
        var spec = new FeatureSpec(["age", "age_missing"], []);
        var groups = AgeGroups.Of(new EncodedTable(spec, ["a", "b", "c", "d"], null, [20, 0, 40, 1, 60, 0, 40, 0], [], [true, true, true, false]));

        Assert.Equal([AgeGroups.Known, AgeGroups.Known], [groups[1], groups[3]]);
        // Two known ages: of eight groups, 20 is below the upper four bounds, 60 is none's.
        Assert.Equal([3, 7], [groups[0], groups[2]]);
    }

    [Fact]
    public void Users_without_an_age_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => AgeGroups.Of(new EncodedTable(new FeatureSpec(["tempo"], []), ["a"], null, [1], [])));

        Assert.StartsWith("The users have no numeric feature `age`, only: tempo.", error.Message);
    }

    static EncodedTable Users(float[] ages) => new(new FeatureSpec(["age"], []), [.. ages.Select((_, user) => $"user-{user}")], null, ages, []);
}
