using System.Runtime.CompilerServices;

namespace Pipeline.Ingest.Parquet.Encodings;

/// <summary>Distinct fixed-width values in the order of their first occurrence. Floats are distinct by their bits.</summary>
sealed class FixedDictionary<T>
    where T : unmanaged
{
    T[] entries = new T[256];
    readonly DictionarySlots slots = new();

    public int Count { get; private set; }

    public ReadOnlySpan<T> Entries => entries.AsSpan(0, Count);

    public void Clear()
    {
        Count = 0;
        slots.Clear();
    }

    /// <returns>The position of the value, which is added if it is new.</returns>
    public int Add(T value)
    {
        var bits = Bits(value);
        var hash = Hash(bits);
        for (var slot = slots.First(hash); ; slot = slots.Next(slot))
        {
            var entry = slots.Entry(slot);
            if (entry < 0)
            {
                return Append(value, slot, hash);
            }

            if (Bits(entries[entry]) == bits)
            {
                return entry;
            }
        }
    }

    int Append(T value, int slot, uint hash)
    {
        if (Count == entries.Length)
        {
            Array.Resize(ref entries, Count * 2);
        }

        entries[Count] = value;
        slots.Put(slot, Count, hash);
        return Count++;
    }

    static ulong Bits(T value) => Unsafe.SizeOf<T>() == 4 ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, ulong>(value);

    // Multiplication by 2^64 / golden ratio; the high bits are the well mixed ones (Knuth, volume 3, 6.4).
    static uint Hash(ulong bits) => (uint)((bits ^ bits >> 32) * 0x9E3779B97F4A7C15 >> 32);
}
