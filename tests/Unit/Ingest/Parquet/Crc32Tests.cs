using Pipeline.Ingest.Parquet;

namespace Pipeline.Unit.Ingest.Parquet;

public class Crc32Tests
{
    [Fact]
    public void The_check_value_of_CRC_32_holds()
    {
        // The catalogue's check value: the digits 1 to 9 give CBF43926.
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));
    }

    [Fact]
    public void A_flipped_bit_anywhere_changes_it()
    {
        var bytes = new byte[100];
        var clean = Crc32.Of(bytes);
        for (var bit = 0; bit < 800; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.NotEqual(clean, Crc32.Of(bytes));
            bytes[bit / 8] = 0;
        }
    }
}
