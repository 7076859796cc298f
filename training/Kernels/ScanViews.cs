namespace Pipeline.Kernels;

/// <summary>What the scan of some samples, and of all or some channels, reads; or the gradients of it.</summary>
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

    /// <param name="gateStart">The first row of z, as outputs of a sample may be fewer than its tokens.</param>
    public ScanViews Block(int start, int count, int gateStart, int gates) => this with
    {
        U = U.Block(start, count),
        Dt = Dt.Block(start, count),
        B = B.Block(start, count),
        C = C.Block(start, count),
        Z = Z.Block(gateStart, gates),
    };

    /// <summary>Some channels of all that has channels.</summary>
    public ScanViews Strip(int start, int count) => this with
    {
        U = U.Strip(start, count),
        Dt = Dt.Strip(start, count),
        ALog = ALog.Strip(start, count),
        Skip = Skip.Strip(start, count),
        Z = Z.Strip(start, count),
    };

    public ScanViews Stretch(in ScanStretch stretch) => Block(stretch.Row, stretch.Rows, stretch.GateRow, stretch.Gates);
}
