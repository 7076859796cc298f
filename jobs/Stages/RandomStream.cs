using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Stages;

/// <summary>
/// Counted chance: draw number i of the stream (seed, purpose, index) is a pure function of those four, so that a resumed run
/// equals an unbroken one and a device can draw the same numbers.
/// </summary>
/// <remarks>
/// Philox4x32-10. Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3". Key = the first 8 bytes of
/// SHA-256(purpose); counter = (block low, block high, index, seed).
/// </remarks>
public sealed class RandomStream
{
    readonly uint key0, key1, seed;
    uint index;
    ulong block;
    uint out0, out1, out2, out3;
    int left;

    public RandomStream(int seed, string purpose, uint index = 0)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(purpose), digest);
        key0 = BinaryPrimitives.ReadUInt32LittleEndian(digest);
        key1 = BinaryPrimitives.ReadUInt32LittleEndian(digest[4..]);
        this.index = index;
        this.seed = unchecked((uint)seed);
    }

    /// <summary>Goes to the first draw of the stream (seed, purpose, index), as a new one would, without an object for it.</summary>
    public void Restart(uint index)
    {
        this.index = index;
        block = 0;
        left = 0;
    }

    /// <summary>Uniform over all 2^32 values.</summary>
    public uint NextUInt32()
    {
        if (left == 0)
        {
            (out0, out1, out2, out3) = Philox((uint)block, (uint)(block >> 32), index, seed, key0, key1);
            block++;
            left = 4;
        }

        return left-- switch { 4 => out0, 3 => out1, 2 => out2, _ => out3 };
    }

    /// <summary>Uniform over all 2^64 values.</summary>
    public ulong NextUInt64() => NextUInt32() | (ulong)NextUInt32() << 32;

    /// <summary>Uniform over 0 .. bound - 1, without bias (Lemire 2019, "Fast random integer generation in an interval").</summary>
    /// <param name="bound">At least 1.</param>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var range = (uint)bound;
        var product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            for (var threshold = unchecked(0u - range) % range; (uint)product < threshold;)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-24.</summary>
    public float NextFloat() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Puts the elements in a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> elements)
    {
        for (var i = elements.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (elements[i], elements[j]) = (elements[j], elements[i]);
        }
    }

    /// <summary>The ten rounds, for one block of four numbers.</summary>
    internal static (uint, uint, uint, uint) Philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var product0 = 0xD2511F53UL * c0;
            var product1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }
}
