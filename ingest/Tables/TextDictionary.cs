using System.Buffers.Binary;
using Pipeline.Ingest.Parquet.Encodings;

namespace Pipeline.Ingest.Tables;

/// <summary>Distinct texts in the order of their first occurrence, without an object per text.</summary>
public sealed class TextDictionary(Column column)
{
    readonly StringBuffer entries = new(column);
    readonly DictionarySlots slots = new();

    public StringBuffer Entries => entries;

    public void Clear()
    {
        entries.Clear();
        slots.Clear();
    }

    /// <returns>The position of the text, which is added if it is new.</returns>
    public int Add(ReadOnlySpan<byte> utf8)
    {
        var hash = Hash(utf8);
        var entry = Search(utf8, hash, out var slot);
        if (entry >= 0)
        {
            return entry;
        }

        entries.Add(utf8);
        slots.Put(slot, entries.Count - 1, hash);
        return entries.Count - 1;
    }

    /// <returns>The position of the text, or -1 if it was never added.</returns>
    public int Find(ReadOnlySpan<byte> utf8) => Search(utf8, Hash(utf8), out _);

    /// <param name="slot">Where the text is, or the free one where it belongs.</param>
    int Search(ReadOnlySpan<byte> utf8, uint hash, out int slot)
    {
        for (slot = slots.First(hash); ; slot = slots.Next(slot))
        {
            var entry = slots.Entry(slot);
            if (entry < 0 || (slots.MayBe(entry, hash) && entries[entry].SequenceEqual(utf8)))
            {
                return entry;
            }
        }
    }

    /// <summary>Eight bytes a step: the halves of a 128-bit product, folded (the mixing of Wang Yi's wyhash).</summary>
    static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = 0x9E3779B97F4A7C15 ^ (ulong)utf8.Length;
        for (; utf8.Length >= 8; utf8 = utf8[8..])
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8));
        }

        ulong rest = 0;
        foreach (var next in utf8)
        {
            rest = rest << 8 | next;
        }

        hash = Mix(hash ^ rest);
        return (uint)(hash ^ hash >> 32);
    }

    static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0xA0761D6478BD642F, out var low);
        return high ^ low;
    }
}
