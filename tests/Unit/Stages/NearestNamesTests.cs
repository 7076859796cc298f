using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public class NearestNamesTests
{
    [Fact]
    public void What_is_far_too_long_for_a_name_is_near_to_none()
    {
        Assert.Empty(NearestNames.Of(new string('a', 100_000), ["aa", "b"], 1));
        Assert.Equal(["b"], NearestNames.Of("a", [new string('a', 100_000), "b"], 2));
    }
}
