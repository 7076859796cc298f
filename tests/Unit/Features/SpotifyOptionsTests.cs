using Pipeline.Features.Spotify;
using Pipeline.Ingest.Datasets;
using Pipeline.Stages;

namespace Pipeline.Unit.Features;

public sealed class SpotifyOptionsTests
{
    [Fact]
    public void Sample_is_generated_only_where_no_raw_folder_is_set()
    {
        Assert.Equal(["sample", "ingest", "features", "pairs"], new SpotifyOptions().Stages().Select(stage => stage.Name));
        Assert.Equal(["ingest", "features", "pairs"], new SpotifyOptions { Raw = "raw" }.Stages().Select(stage => stage.Name));
    }

    [Fact]
    public void Every_stage_reads_what_an_earlier_one_writes()
    {
        HashSet<Artifact> written = [];
        foreach (var stage in new SpotifyOptions().Stages())
        {
            Assert.Subset(written, stage.Reads.ToHashSet());
            written.UnionWith(stage.Writes);
        }

        Assert.Contains(SpotifyIngestStage.Songs, written);
    }

    [Fact]
    public void Defaults_pass_their_own_check() => Assert.Empty(new SpotifyOptions().Check());

    [Fact]
    public void Seeds_must_be_there_each_once()
    {
        Assert.Equal(("seeds", "is [3, 1, 3]; every seed must be there once"), Assert.Single(new SpotifyOptions { Seeds = [3, 1, 3] }.Check()));
        Assert.Equal("seeds", Assert.Single(new SpotifyOptions { Seeds = [] }.Check()).Path);
    }
}
