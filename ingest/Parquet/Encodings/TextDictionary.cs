using System.Buffers.Binary;
using Pipeline.Ingest.Tables;

namespace Pipeline.Ingest.Parquet.Encodings;

/// <summary>Distinct texts in the order of their first occurrence.</summary>
sealed class TextDictionary(Column column)
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
        for (var slot = slots.First(hash); ; slot = slots.Next(slot))
        {
            var entry = slots.Entry(slot);
            if (entry < 0)
            {
                entries.Add(utf8);
                slots.Put(slot, entries.Count - 1, hash);
                return entries.Count - 1;
            }

            if (slots.MayBe(entry, hash) && entries[entry].SequenceEqual(utf8))
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
