"""Whole towers: one forward and backward, a short training run, and the paper's sizes."""
import torch
import torch.nn.functional as F

import reference
from configuration import Config, Side, by_formula, drawn

STEPS = 20
SMALL = dict(token_width=16, layers=2, head=(8, 4), sides={"user": Side(3, (3, 4)), "item": Side(2)})
SMALL_MAMBA = Config("mamba", states=4, conv_width=4, dt_rank=1, **SMALL)
WIDE_MAMBA = Config("mamba", states=16, conv_width=16, dt_rank=1, **SMALL)
SMALL_TRANSFORMER = Config("transformer", heads=2, feed_forward=32, **SMALL)

# Spotify: 20 genres on or off; the song is one category of 50.
PAPER = dict(token_width=128, head=(64, 32), sides={"user": Side(20), "item": Side(0, (50,))})
PAPER_MAMBA = Config("mamba", layers=4, states=16, conv_width=16, dt_rank=8, **PAPER)
PAPER_TRANSFORMER = Config("transformer", layers=2, heads=2, feed_forward=2048, **PAPER)


def features(side, count, numeric):
    """Rows of features: numeric(count, J) and categories, each None where the side has none."""
    categories = torch.stack([torch.randint(n, (count,)) for n in side.cardinalities], 1) if side.cardinalities else None
    return (numeric(count, side.numeric) if side.numeric else None, categories)


def take(rows, indices):
    return tuple(None if part is None else part[indices.long()] for part in rows)


def named(side, rows):
    return {f"{side}.{name}": part for name, part in zip(("numeric", "categories"), rows) if part is not None}


def normal(count, columns):
    return torch.randn(count, columns, dtype=torch.float32).to(torch.float64)


def on_or_off(count, columns):
    return (torch.rand(count, columns) < 0.2).to(torch.float64)


def check_alive(values, what):
    """A model whose outputs are all cut off by the last ReLU would compare zeros with zeros."""
    share = (values > 0).double().mean().item()
    if share < 0.3:
        raise ValueError(f"{what}: {share:.0%} are positive; change its name or SEED.")


def tower(config):
    """One side: parameters, features, embedding, a drawn dembedding, and grad.NAME of every parameter."""
    config = Config(**{**vars(config), "sides": {"user": config.sides["user"]}})
    parameters = drawn(config)
    rows = features(config.sides["user"], 8, normal)
    embedding = reference.embed(config, parameters, "user", *rows)
    check_alive(embedding, config.tower)
    dembedding = normal(*embedding.shape)
    gradients = torch.autograd.grad(embedding, list(parameters.values()), dembedding)
    tensors = {**parameters, **named("user", rows), "embedding": embedding, "dembedding": dembedding}
    tensors.update({f"grad.{name}": gradient for name, gradient in zip(parameters, gradients)})
    return tensors, config.metadata()


def batches(users, items, batch):
    """Which user meets which item in each step, and the target of the pair, 0 or 1."""
    return {"pairs.users": torch.randint(users, (STEPS, batch)), "pairs.items": torch.randint(items, (STEPS, batch)),
            "pairs.targets": torch.randint(2, (STEPS, batch)).to(torch.float64)}


def run(config, parameters, rows, pairs, learning_rate):
    """Trains for all steps. Returns the losses, and what the first step computed."""
    optimizer = torch.optim.Adam(list(parameters.values()), lr=learning_rate)
    losses, first = [], {}
    for step in range(STEPS):
        users = reference.embed(config, parameters, "user", *take(rows["user"], pairs["pairs.users"][step]))
        items = reference.embed(config, parameters, "item", *take(rows["item"], pairs["pairs.items"][step]))
        scores = reference.score(users, items)
        loss = F.mse_loss(scores, pairs["pairs.targets"][step])
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            check_alive(users, f"{config.tower}, users")
            check_alive(items, f"{config.tower}, items")
            check_alive(scores - 0.05, f"{config.tower}, scores above 0.05")
            first = {"users": users, "items": items, "scores": scores, **{f"grad.{name}": p.grad.clone() for name, p in parameters.items()}}
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses, dtype=torch.float64), first


def training(config):
    """Both sides: parameters before (NAME) and after (final.NAME), tables of features, pairs, losses."""
    parameters = drawn(config)
    rows = {side: features(config.sides[side], 12, normal) for side in config.sides}
    pairs, rate = batches(12, 12, batch=8), 1e-3
    before = {name: value.detach().clone() for name, value in parameters.items()}
    losses, _ = run(config, parameters, rows, pairs, rate)
    tensors = {**before, **named("user", rows["user"]), **named("item", rows["item"]), **pairs, "losses": losses}
    tensors.update({f"final.{name}": value for name, value in parameters.items()})
    return tensors, {**config.metadata(), "learningRate": str(rate)}


def summary(gradient):
    """Sum, sum of absolutes, and 16 entries: number j (n - 1) / 15, rounded down, for j = 0 .. 15."""
    flat = gradient.flatten()
    entries = [flat[j * (flat.numel() - 1) // 15] for j in range(16)]
    return torch.stack([flat.sum(), flat.abs().sum(), *entries])


def paper_size(config):
    """Parameters by formula.NAME (offset, scale, k); of the first step embeddings, scores and a summary of each gradient; all losses."""
    parameters, formulas = by_formula(config)
    rows = {"user": features(config.sides["user"], 64, on_or_off), "item": (None, torch.arange(50).reshape(50, 1))}
    pairs, rate = batches(64, 50, batch=32), 1e-4
    losses, first = run(config, parameters, rows, pairs, rate)
    tensors = {**named("user", rows["user"]), **named("item", rows["item"]), **pairs, "losses": losses}
    tensors.update({f"formula.{name}": formula for name, formula in formulas.items()})
    tensors.update({name: summary(value) if name.startswith("grad.") else value for name, value in first.items()})
    return tensors, {**config.metadata(), "learningRate": str(rate)}


CASES = {
    "mamba-tower": lambda: tower(SMALL_MAMBA),
    "mamba-wide-tower": lambda: tower(WIDE_MAMBA),
    "transformer-tower": lambda: tower(SMALL_TRANSFORMER),
    "mamba-training": lambda: training(SMALL_MAMBA),
    "mamba-wide-training": lambda: training(WIDE_MAMBA),
    "transformer-training": lambda: training(SMALL_TRANSFORMER),
    "mamba-paper": lambda: paper_size(PAPER_MAMBA),
    "transformer-paper": lambda: paper_size(PAPER_TRANSFORMER),
}
