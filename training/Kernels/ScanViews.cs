namespace Pipeline.Kernels;

/// <summary>What the scan of one sample, or of one replica, reads; or the gradients of it.</summary>
readonly struct ScanViews
{
    public MatrixView U { get; init; }

    public MatrixView Dt { get; init; }

    public MatrixView ALog { get; init; }

    public MatrixView B { get; init; }

    public MatrixView C { get; init; }

    public MatrixView Skip { get; init; }

    public MatrixView Z { get; init; }

    public static ScanViews Of(in ScanTensors x, int replica) => new()
    {
        U = MatrixView.Of(x.U, replica),
        Dt = MatrixView.Of(x.Dt, replica),
        ALog = MatrixView.Of(x.ALog, replica),
        B = MatrixView.Of(x.B, replica),
        C = MatrixView.Of(x.C, replica),
        Skip = MatrixView.Of(x.Skip, replica),
        Z = MatrixView.Of(x.Z, replica),
    };

    /// <param name="gates">Rows of z per sample: tokens, or 1.</param>
    public ScanViews Sample(int sample, int tokens, int gates) => this with
    {
        U = U.Block(sample * tokens, tokens),
        Dt = Dt.Block(sample * tokens, tokens),
        B = B.Block(sample * tokens, tokens),
        C = C.Block(sample * tokens, tokens),
        Z = Z.Block(sample * gates, gates),
    };
}
