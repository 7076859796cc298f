namespace Pipeline.Kernels;

/// <summary>Rows that a scan works on at once, so that what it computes of them stays in the cache: some whole samples, or a piece of a long one.</summary>
/// <param name="Tokens">Of each of its samples, in this stretch.</param>
/// <param name="First">The first token of each sample, counted within the stretch, that has an output; Tokens if none has.</param>
/// <param name="GateRow">The first row of z and y.</param>
/// <param name="Piece">Which piece of its sample: from 0.</param>
/// <param name="IsEnd">No piece of the sample follows.</param>
readonly record struct ScanStretch(int Row, int Samples, int Tokens, int First, int GateRow, int Piece, bool IsEnd)
{
    public int Rows => Samples * Tokens;

    public int Gates => Samples * (Tokens - First);

    /// <summary>The row of the stretch that a row of z belongs to.</summary>
    public int RowOfGate(int gate) => Tokens - First == 1 ? (gate * Tokens) + First : gate;
}

/// <summary>How samples are cut into stretches, in order of their rows: by shapes alone.</summary>
readonly struct ScanCut
{
    /// <summary>Tokens of a piece: what is kept per token then fits the caches, and the states kept per piece are no burden.</summary>
    public const int PieceTokens = 32;

    /// <summary>Short samples are put together up to so many rows, which fit the first cache.</summary>
    const int ShortRows = 24;

    readonly int samples;
    readonly int tokens;
    readonly int gates;

    public ScanCut(in ScanViews x, int tokens)
    {
        samples = x.U.Rows / tokens;
        this.tokens = tokens;
        gates = x.Z.Rows / samples;
        Pieces = PiecesOf(tokens);
        Together = Pieces > 1 ? 1 : Math.Max(1, ShortRows / tokens);
    }

    /// <summary>Stretches of one sample: more than 1 if it is long.</summary>
    public int Pieces { get; }

    public int Count => Pieces > 1 ? samples * Pieces : (samples + Together - 1) / Together;

    int Together { get; }

    public ScanStretch this[int index]
    {
        get
        {
            if (Pieces == 1)
            {
                var sample = index * Together;
                return new(sample * tokens, Math.Min(Together, samples - sample), tokens, tokens - gates, sample * gates, 0, true);
            }

            int start = index % Pieces * PieceTokens, length = Math.Min(PieceTokens, tokens - start), outputsStart = tokens - gates;
            return new(
                (index / Pieces * tokens) + start,
                1,
                length,
                Math.Clamp(outputsStart - start, 0, length),
                (index / Pieces * gates) + Math.Max(0, start - outputsStart),
                index % Pieces,
                start + length == tokens);
        }
    }

    public static int PiecesOf(int tokens) => (tokens + PieceTokens - 1) / PieceTokens;

    /// <summary>The most rows that a stretch of such samples has.</summary>
    public static int MostRows(int tokens) => Math.Min(PieceTokens, Math.Max(tokens, ShortRows));
}
