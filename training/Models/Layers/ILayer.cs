using Pipeline.Kernels;

namespace Pipeline.Models.Layers;

/// <summary>
/// Tokens in, tokens out. A layer that is built for the last token alone gives [R, B, C] instead of [R, B L, C]: since only [CLS]
/// leaves a tower, its last layer need not compute the others.
/// </summary>
public interface ILayer
{
    /// <param name="x">[R, B L, C]; kept until backward, so the caller leaves it alone.</param>
    /// <returns>[R, B L, C] or [R, B, C], in memory of this layer.</returns>
    Tensor Forward(Tensor x);

    /// <summary>Overwrites the gradients of the parameters that say so, and adds to the others.</summary>
    /// <param name="dy">As what Forward gave; its memory may be used for the result.</param>
    /// <returns>dx [R, B L, C], valid until another layer's Backward.</returns>
    Tensor Backward(Tensor dy);
}
