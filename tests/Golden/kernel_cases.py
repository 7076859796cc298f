"""One small file per kernel: inputs, outputs, the gradient of the output (d + name of the output) and every gradient that follows."""
import torch
import torch.nn.functional as F

import reference
from configuration import as_float32


def normal(*shape, scale=1.0):
    return as_float32(scale * torch.randn(shape, dtype=torch.float64))


def differentiate(inputs, function, **extra):
    """Stores the inputs, y = function(inputs), a drawn dy, and the gradient of (y dy) with respect to each input."""
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    y = function(**leaves)
    dy = normal(*y.shape)
    gradients = torch.autograd.grad(y, list(leaves.values()), dy)
    return {**inputs, **extra, "y": y, "dy": dy, **{"d" + name: gradient for name, gradient in zip(leaves, gradients)}}


def linear():
    return differentiate(dict(x=normal(7, 20), w=normal(11, 20), bias=normal(11)), lambda x, w, bias: F.linear(x, w, bias))


def linear_relu():
    return differentiate(dict(x=normal(7, 20), w=normal(11, 20), bias=normal(11)), lambda x, w, bias: F.relu(F.linear(x, w, bias)))


def layer_norm():
    inputs = dict(x=normal(6, 19), gamma=normal(19), beta=normal(19))
    return differentiate(inputs, lambda x, gamma, beta: F.layer_norm(x, x.shape[-1:], gamma, beta))


def layer_norm_residual():
    inputs = dict(x=normal(6, 19), residual=normal(6, 19), gamma=normal(19), beta=normal(19))
    return differentiate(inputs, lambda x, residual, gamma, beta: F.layer_norm(x + residual, x.shape[-1:], gamma, beta))


def tokenizer(numeric, cardinalities):
    """categories are rows of the table, as the kernel reads them; numeric or cardinalities may be empty."""
    batch, width = 5, 18
    tokens = numeric + len(cardinalities) + 1
    inputs = dict(weight=normal(numeric + 1, width), bias=normal(tokens, width))
    extra, rows = {}, None
    if numeric:
        extra["numeric"] = normal(batch, numeric)
    if cardinalities:
        inputs["table"] = normal(sum(cardinalities), width)
        first = [sum(cardinalities[:i]) for i in range(len(cardinalities))]
        rows = torch.stack([start + torch.randint(count, (batch,)) for start, count in zip(first, cardinalities)], 1)
        extra["categories"] = rows
    tokenize = lambda weight, bias, table=None: reference.tokenize(weight, table, bias, extra.get("numeric"), rows)
    return differentiate(inputs, tokenize, **extra)


def conv_silu(tokens, width):
    inputs = dict(x=normal(3, tokens, 20), w=normal(width, 20, scale=width ** -0.5), bias=normal(20))
    return differentiate(inputs, reference.conv_silu)


def scan(gates, states):
    """gates: how many of the last tokens have an output; 1 or all."""
    batch, tokens, channels = 3, 6, 20
    inputs = dict(u=normal(batch, tokens, channels), dt=normal(batch, tokens, channels) - 2,
                  aLog=as_float32(torch.rand(states, channels, dtype=torch.float64) * 2.7),
                  b=normal(batch, tokens, states), c=normal(batch, tokens, states), skip=normal(channels), z=normal(batch, gates, channels))
    return differentiate(inputs, lambda u, dt, aLog, b, c, skip, z: reference.selective_scan(u, dt, aLog, b, c, skip, z))


def attention(queries, heads):
    """queries: how many of the last tokens ask; 1 or all."""
    batch, tokens, width = 3, 6, 20
    inputs = dict(q=normal(batch, queries, width), k=normal(batch, tokens, width), v=normal(batch, tokens, width))
    case = differentiate(inputs, lambda q, k, v: reference.attention(q, k, v, heads)[0])
    return {**case, "probabilities": reference.attention(inputs["q"], inputs["k"], inputs["v"], heads)[1]}


def squared_error_loss():
    inputs = dict(users=normal(9, 12), items=normal(9, 12))
    targets = torch.randint(2, (9,)).to(torch.float64)
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    scores = reference.score(**leaves)
    loss = F.mse_loss(scores, targets)
    dusers, ditems = torch.autograd.grad(loss, [leaves["users"], leaves["items"]])
    return {**inputs, "targets": targets, "scores": scores, "loss": loss.reshape(1), "dusers": dusers, "ditems": ditems}


def sampled_softmax_loss():
    """Nine users, their items and five others; every seventh candidate that is not the own one is none."""
    inputs = dict(users=normal(9, 12), items=normal(14, 12))
    temperature = as_float32(torch.tensor(0.3, dtype=torch.float64))
    corrections = as_float32(-torch.log(torch.rand(14, dtype=torch.float64))).expand(9, 14).clone()
    for i in range(9):
        corrections[i, [j for j in range(14) if j != i and (3 * i + j) % 7 == 0]] = -torch.inf
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    products = leaves["users"] @ leaves["items"].T
    loss = F.cross_entropy(products / temperature + corrections, torch.arange(9))
    dusers, ditems, dproducts = torch.autograd.grad(loss, [leaves["users"], leaves["items"], products])
    return {**inputs, "corrections": corrections, "temperature": temperature.reshape(1), "loss": loss.reshape(1),
            "dusers": dusers, "ditems": ditems, "dproducts": dproducts}


def adam():
    """Three steps from moments of zero: parameters.0 .. 3, gradients.1 .. 3."""
    value = normal(37).requires_grad_()
    optimizer = torch.optim.Adam([value], lr=1e-2)
    case = {"parameters.0": value.detach().clone()}
    for step in (1, 2, 3):
        value.grad = normal(37)
        case[f"gradients.{step}"] = value.grad.clone()
        optimizer.step()
        case[f"parameters.{step}"] = value.detach().clone()
    return case


CASES = {
    "linear": linear,
    "linear-relu": linear_relu,
    "layer-norm": layer_norm,
    "layer-norm-residual": layer_norm_residual,
    "tokenizer": lambda: tokenizer(3, (4, 2)),
    "tokenizer-numeric": lambda: tokenizer(4, ()),
    "tokenizer-categories": lambda: tokenizer(0, (3, 5)),
    "conv-silu": lambda: conv_silu(tokens=6, width=4),
    "conv-silu-wide": lambda: conv_silu(tokens=3, width=16),
    "scan": lambda: scan(gates=6, states=6),
    "scan-last": lambda: scan(gates=1, states=16),
    "attention": lambda: attention(queries=6, heads=2),
    "attention-last": lambda: attention(queries=1, heads=4),
    "squared-error-loss": squared_error_loss,
    "sampled-softmax-loss": sampled_softmax_loss,
    "adam": adam,
}
