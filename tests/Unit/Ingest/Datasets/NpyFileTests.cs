using System.Text;
using Pipeline.Ingest.Datasets;
using Pipeline.Stages;

namespace Pipeline.Unit.Ingest;

public sealed class NpyFileTests : IDisposable
{
    readonly TempFolder folder = new();

    string Path => System.IO.Path.Combine(folder.Path, "x.npy");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_matrix_reads_back_as_it_was_written()
    {
        NpyFile.Write(Path, new Matrix(2, 3, [1, 2, 3, -4, 0.5f, 6]));

        var read = NpyFile.Read(Path);

        Assert.Equal((2, 3), (read.Rows, read.Columns));
        Assert.Equal([1, 2, 3, -4, 0.5f, 6], read.Values);
        Assert.Equal(0, (new FileInfo(Path).Length - (6 * sizeof(float))) % 64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Doubles_are_read_in_both_versions_of_the_header(byte version)
    {
        var header = Encoding.ASCII.GetBytes("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes((uint)header.Length);
        File.WriteAllBytes(Path, [0x93, .. "NUMPY"u8, version, 0, .. length, .. header, .. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-2.0)]);

        Assert.Equal([1.5f, -2], NpyFile.Read(Path).Values);
    }

    [Theory]
    [InlineData("'descr': '<i8', 'fortran_order': False, 'shape': (1, 2)", 16, "in C order")]
    [InlineData("'descr': '<f4', 'fortran_order': True, 'shape': (1, 2)", 8, "in C order")]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (2,)", 8, "in C order")]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)", 7, "7 bytes of numbers")]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2)", 8, "8 bytes of numbers")]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000)", 8, "8 bytes of numbers")]
    public void What_is_no_matrix_of_floats_is_refused(string header, int bytes, string expected)
    {
        var text = Encoding.ASCII.GetBytes($"{{{header}, }}\n");
        File.WriteAllBytes(Path, [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)text.Length), .. text, .. new byte[bytes]]);

        Refused(expected);
    }

    [Fact]
    public void Every_shorter_file_is_refused()
    {
        NpyFile.Write(Path, new Matrix(1, 2, [1, 2]));
        var whole = File.ReadAllBytes(Path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Refused("is no NumPy file that can be used here");
        }
    }

    [Fact]
    public void A_number_that_is_not_finite_is_refused()
    {
        NpyFile.Write(Path, new Matrix(2, 2, [1, 2, float.NaN, 4]));

        Refused("row 1, column 0 is NaN");
    }

    [Fact]
    public void An_absent_file_is_refused() => Refused("cannot be read");

    void Refused(string expected)
    {
        var error = Assert.Throws<PipelineException>(() => NpyFile.Read(Path));
        Assert.Equal(ExitCode.InputMissing, error.Code);
        Assert.Contains(expected, error.Message);
        Assert.Contains(Path, error.Message);
    }
}
