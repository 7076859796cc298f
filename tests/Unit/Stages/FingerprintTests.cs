using System.Security.Cryptography;
using System.Text;
using Pipeline.Stages;

namespace Pipeline.Unit.Stages;

public sealed class FingerprintTests
{
    /// <summary>Another formula would make everything on every disk stale: then nights begin from nothing, without a word.</summary>
    [Fact]
    public void A_fingerprint_is_the_digest_of_a_text_that_must_not_change()
    {
        using var toy = new ToyPipeline();
        var (read, count, score) = (toy.Planned(toy.Read), toy.Planned(toy.Count), toy.Planned(toy.Score));
        var raw = read.RawFolders[0].Digest;
        var model = toy.Planned(toy.Train).Fingerprint;

        Assert.Equal(Sha256($$"""{"blues.csv":"{{Sha256("one,two\n1,2\n")}}","lists/rock.csv":"{{Sha256("one,two\n3,4\n")}}"}"""), raw);
        Assert.Equal(Sha256($$"""{"options":{"label":"a","steps":5000},"parents":[{"fingerprint":"{{raw}}","name":"raw","seed":null}],"seeds":[],"stage":"toy/read","version":1}"""), read.Fingerprint);
        Assert.Equal(
            Sha256($$"""{"options":{"label":"a","steps":5000},"parents":[{"fingerprint":"{{read.Fingerprint}}","name":"1-tables/b","seed":null}],"seeds":[],"stage":"toy/count","version":1}"""),
            count.Fingerprint);
        Assert.Equal(
            Sha256($$"""{"options":{"label":"a","steps":5000},"parents":[{"fingerprint":"{{model}}","name":"3-models/mamba","seed":1},{"fingerprint":"{{read.Fingerprint}}","name":"1-tables/a","seed":null}],"seeds":[1],"stage":"toy/score/mamba","version":1}"""),
            score.Fingerprint);
    }

    [Fact]
    public void Its_options_are_as_they_were()
    {
        using var toy = new ToyPipeline();
        var (node, options) = (toy.Graph.Nodes[0], Fingerprint.Options(toy.Read));

        Assert.Equal(Fingerprint.Of(node, options, []), Fingerprint.Of(node, options, []));
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true)]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde", false)]
    [InlineData("0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", false)]
    [InlineData("../../../../../../../../../../../../../../../../../../../../../e", false)]
    [InlineData(null, false)]
    public void Only_64_hexadecimal_digits_are_one(string? text, bool expected) => Assert.Equal(expected, Fingerprint.IsOne(text));

    static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
