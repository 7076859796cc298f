"""The two towers in PyTorch, in the plainest form that autograd can differentiate.

Parameters are a dictionary name -> tensor, with the names and layouts of our model files. They are PyTorch's layouts, but for two
that are transposed so that channels are adjacent: conv.weight is [W, D] and A_log is [N, D].
"""
import torch
import torch.nn.functional as F
from torch.nn.utils.stateless import functional_call


def conv_silu(x, w, bias):
    """x [B, L, D], w [W, D]; row W - 1 of w weighs the token itself."""
    width, channels = w.shape
    padded = F.pad(x.transpose(1, 2), (width - 1, 0))
    return F.silu(F.conv1d(padded, w.t().unsqueeze(1), bias, groups=channels)).transpose(1, 2)


def selective_scan(u, dt, a_log, b, c, skip, z):
    """Gu and Dao 2023, algorithm 2, with the gate; dt before its softplus. z is [B, L, D], or [B, 1, D] for the last token alone."""
    delta, a = F.softplus(dt), -torch.exp(a_log)
    h, outputs = torch.zeros(u.shape[0], *a_log.shape, dtype=u.dtype), []
    for t in range(u.shape[1]):
        decay = torch.exp(delta[:, t, None, :] * a)
        h = decay * h + (delta[:, t] * u[:, t])[:, None, :] * b[:, t, :, None]
        outputs.append((h * c[:, t, :, None]).sum(1) + skip * u[:, t])
    return torch.stack(outputs, 1)[:, -z.shape[1]:] * F.silu(z)


def attention(q, k, v, heads):
    """Vaswani et al. 2017, eq. 1. q [B, Lq, C], k and v [B, L, C]. Returns y [B, Lq, C] and probabilities [B, Lq, heads, L]."""
    split = lambda x: x.unflatten(-1, (heads, -1)).transpose(1, 2)
    q, k, v = split(q), split(k), split(v)
    probabilities = torch.softmax(q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5, -1)
    return (probabilities @ v).transpose(1, 2).flatten(2), probabilities.transpose(1, 2)


def tokenize(weight, table, bias, numeric, rows):
    """Numeric tokens, then categorical ones, then [CLS]. rows are rows of the table. numeric or rows may be None."""
    parts = []
    if numeric is not None:
        parts.append(numeric[:, :, None] * weight[:-1])
    if rows is not None:
        parts.append(table[rows.long()])
    count = (numeric if numeric is not None else rows).shape[0]
    parts.append(weight[-1].expand(count, 1, -1))
    return torch.cat(parts, 1) + bias


class Layer:
    """The parameters whose names start with a prefix."""

    def __init__(self, parameters, prefix):
        self.parameters, self.prefix = parameters, prefix

    def __getitem__(self, name):
        return self.parameters[f"{self.prefix}.{name}"]


def mamba_layer(p, x):
    """Gu and Dao 2023, figure 3, with a LayerNorm after the output projection and no residual."""
    inner, z = F.linear(x, p["in_proj.weight"]).chunk(2, -1)
    u = conv_silu(inner, p["conv.weight"], p["conv.bias"])
    rank, states = p["dt_proj.weight"].shape[1], p["A_log"].shape[0]
    low, b, c = F.linear(u, p["x_proj.weight"]).split([rank, states, states], -1)
    dt = F.linear(low, p["dt_proj.weight"], p["dt_proj.bias"])
    y = F.linear(selective_scan(u, dt, p["A_log"], b, c, p["D"], z), p["out_proj.weight"])
    return F.layer_norm(y, y.shape[-1:], p["norm.weight"], p["norm.bias"])


class TransformerLayer:
    """PyTorch's own encoder layer, fed with our parameters; on the device "meta" it has none of its own and draws nothing."""

    def __init__(self, config):
        self.module = torch.nn.TransformerEncoderLayer(
            config.token_width, config.heads, config.feed_forward, dropout=0.0, activation="relu", batch_first=True, norm_first=False,
            device="meta")

    def __call__(self, p, x):
        own = {name: p[name.replace("in_proj_", "in_proj.")] for name, _ in self.module.named_parameters()}
        return functional_call(self.module, own, x)


def embed(config, parameters, side, numeric, categories):
    """[B, E]: the embedding of each sample. categories are 0 .. cardinality - 1 per feature."""
    part = lambda name: Layer(parameters, f"{side}.{name}")
    rows = None if categories is None else categories + torch.tensor(config.sides[side].first_rows())
    tokenizer, layer = part("tokenizer"), mamba_layer if config.tower == "mamba" else TransformerLayer(config)
    x = tokenize(tokenizer["weight"], parameters.get(f"{side}.tokenizer.table"), tokenizer["bias"], numeric, rows)
    for i in range(config.layers):
        x = layer(part(f"layers.{i}"), x)
    x = x[:, -1]
    for i in range(len(config.head)):
        x = F.relu(F.linear(x, part(f"head.{i}")["weight"], part(f"head.{i}")["bias"]))
    return x


def score(users, items):
    """The inner product of each pair of embeddings."""
    return (users * items).sum(-1)
