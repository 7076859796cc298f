namespace Pipeline.Ingest.Parquet.Encodings;

/// <summary>Open addressing from hashes to positions of a dictionary; at most half of the slots are in use.</summary>
/// <remarks>Hashes stay in memory: the order of a dictionary is that of first occurrence and does not depend on them.</remarks>
sealed class DictionarySlots
{
    int[] entryOf = NewSlots(1024);
    uint[] hashes = new uint[512];
    int used;

    public int First(uint hash) => (int)(hash & (uint)(entryOf.Length - 1));

    public int Next(int slot) => (slot + 1) & (entryOf.Length - 1);

    /// <returns>The position, or -1 if the slot is free.</returns>
    public int Entry(int slot) => entryOf[slot];

    /// <summary>True unless the hash of a position tells that it is another value; spares a comparison of text.</summary>
    public bool MayBe(int entry, uint hash) => hashes[entry] == hash;

    /// <summary>Uses a free slot. Slots found before are void afterwards.</summary>
    /// <param name="entry">The number of positions so far.</param>
    public void Put(int slot, int entry, uint hash)
    {
        entryOf[slot] = entry;
        hashes[entry] = hash;
        if (++used == hashes.Length)
        {
            Double();
        }
    }

    public void Clear()
    {
        entryOf.AsSpan().Fill(-1);
        used = 0;
    }

    void Double()
    {
        Array.Resize(ref hashes, used * 2);
        entryOf = NewSlots(entryOf.Length * 2);
        for (var entry = 0; entry < used; entry++)
        {
            var slot = First(hashes[entry]);
            while (entryOf[slot] >= 0)
            {
                slot = Next(slot);
            }

            entryOf[slot] = entry;
        }
    }

    static int[] NewSlots(int count)
    {
        var slots = new int[count];
        slots.AsSpan().Fill(-1);
        return slots;
    }
}
