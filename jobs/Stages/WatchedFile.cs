namespace Pipeline.Stages;

/// <summary>A file whose writes can fail; the same calls give the same operations whatever the size of the pieces, as with any buffered file.</summary>
sealed class WatchedFile(FileStream file, int bufferBytes) : Stream
{
    readonly byte[] buffer = new byte[bufferBytes];
    int filled;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length + filled;

    public override long Position
    {
        get => file.Position + filled;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] bytes, int offset, int count) => Write(bytes.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (filled + bytes.Length > buffer.Length)
            Flush();
        if (bytes.Length >= buffer.Length)
        {
            Pass(bytes);
            return;
        }

        bytes.CopyTo(buffer.AsSpan(filled));
        filled += bytes.Length;
    }

    public override void Flush()
    {
        var count = filled;
        filled = 0;
        if (count > 0)
            Pass(buffer.AsSpan(0, count));
    }

    public void FlushToDisk()
    {
        Flush();
        Files.Flush(file.SafeFileHandle, file.Name);
    }

    public override int Read(byte[] bytes, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                Flush();
            }
            finally
            {
                file.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    void Pass(ReadOnlySpan<byte> bytes)
    {
        if (Files.Ask(FileOperation.Write, file.Name) is not { } fault)
        {
            file.Write(bytes);
            return;
        }

        if (fault.IsHalfDone)
            file.Write(bytes[..(bytes.Length / 2)]);
        throw fault.Error;
    }
}
