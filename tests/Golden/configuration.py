"""What a pair of towers is made of: sizes, and for each parameter its shape and the range of its values."""
import math
from dataclasses import dataclass
from typing import Dict, Tuple

import torch

GOLDEN_RATIO, PLASTIC_RATIO = 0.6180339887498949, 0.7548776662466927


@dataclass
class Side:
    numeric: int
    cardinalities: Tuple[int, ...] = ()

    def first_rows(self):
        """Of each categorical feature, where its rows start in the table."""
        return [sum(self.cardinalities[:i]) for i in range(len(self.cardinalities))]


@dataclass
class Config:
    tower: str
    token_width: int
    layers: int
    head: Tuple[int, ...]
    sides: Dict[str, Side]
    states: int = 0
    conv_width: int = 0
    dt_rank: int = 0
    heads: int = 0
    feed_forward: int = 0

    def metadata(self):
        text = {"tower": self.tower, "tokenWidth": self.token_width, "layers": self.layers, "head": ",".join(map(str, self.head))}
        if self.tower == "mamba":
            text.update(innerWidth=2 * self.token_width, states=self.states, convWidth=self.conv_width, dtRank=self.dt_rank)
        else:
            text.update(heads=self.heads, feedForward=self.feed_forward)
        for name, side in self.sides.items():
            text[f"{name}.numeric"] = side.numeric
            text[f"{name}.cardinalities"] = ",".join(map(str, side.cardinalities))
        return {key: str(value) for key, value in text.items()}


def parameter_specs(config):
    """name -> (shape, offset, scale): values lie in offset +- scale / 2. The order is the order in a model file."""
    specs, width = {}, config.token_width

    def add(name, shape, bound, offset=0.0):
        specs[name] = (shape, offset, 2 * bound)

    for name, side in config.sides.items():
        add(f"{name}.tokenizer.weight", (side.numeric + 1, width), 0.5)
        if side.cardinalities:
            add(f"{name}.tokenizer.table", (sum(side.cardinalities), width), 0.5)
        add(f"{name}.tokenizer.bias", (side.numeric + len(side.cardinalities) + 1, width), 0.5)
        for i in range(config.layers):
            prefix = f"{name}.layers.{i}"
            (add_mamba if config.tower == "mamba" else add_transformer)(add, prefix, config)
        inputs = width
        for i, outputs in enumerate(config.head):
            add(f"{name}.head.{i}.weight", (outputs, inputs), inputs ** -0.5)
            add(f"{name}.head.{i}.bias", (outputs,), inputs ** -0.5, 0.3 * inputs ** -0.5)  # rather positive: not all outputs are cut off by the ReLU
            inputs = outputs
    return specs


def add_mamba(add, prefix, config):
    width, inner, states, rank = config.token_width, 2 * config.token_width, config.states, config.dt_rank
    add(f"{prefix}.in_proj.weight", (2 * inner, width), width ** -0.5)
    add(f"{prefix}.conv.weight", (config.conv_width, inner), config.conv_width ** -0.5)
    add(f"{prefix}.conv.bias", (inner,), config.conv_width ** -0.5)
    add(f"{prefix}.x_proj.weight", (rank + 2 * states, inner), inner ** -0.5)
    add(f"{prefix}.dt_proj.weight", (inner, rank), rank ** -0.5)
    add(f"{prefix}.dt_proj.bias", (inner,), 2.3, -4.6)  # the softplus of it is 1e-3 .. 1e-1, as a new model has it
    add(f"{prefix}.A_log", (states, inner), math.log(states) / 2, math.log(states) / 2)
    add(f"{prefix}.D", (inner,), 0.1, 1.0)
    add(f"{prefix}.out_proj.weight", (width, inner), inner ** -0.5)
    add(f"{prefix}.norm.weight", (width,), 0.1, 1.0)
    add(f"{prefix}.norm.bias", (width,), 0.1)


def add_transformer(add, prefix, config):
    width, forward = config.token_width, config.feed_forward
    add(f"{prefix}.self_attn.in_proj.weight", (3 * width, width), (1.5 / width) ** 0.5)
    add(f"{prefix}.self_attn.in_proj.bias", (3 * width,), 0.1)
    add(f"{prefix}.self_attn.out_proj.weight", (width, width), width ** -0.5)
    add(f"{prefix}.self_attn.out_proj.bias", (width,), 0.1)
    add(f"{prefix}.linear1.weight", (forward, width), width ** -0.5)
    add(f"{prefix}.linear1.bias", (forward,), width ** -0.5)
    add(f"{prefix}.linear2.weight", (width, forward), forward ** -0.5)
    add(f"{prefix}.linear2.bias", (width,), forward ** -0.5)
    for norm in ("norm1", "norm2"):
        add(f"{prefix}.{norm}.weight", (width,), 0.1, 1.0)
        add(f"{prefix}.{norm}.bias", (width,), 0.1)


def as_float32(x):
    """Rounded to float32, in float64: what our kernels are given."""
    return x.to(torch.float32).to(torch.float64)


def drawn(config):
    """Parameters drawn by PyTorch's generator; small models store them."""
    return {name: as_float32(offset + scale * (torch.rand(shape, dtype=torch.float64) - 0.5)).requires_grad_()
            for name, (shape, offset, scale) in parameter_specs(config).items()}


def by_formula(config):
    """Parameters that a reader computes as well, and how: name -> (offset, scale, k).

    value i of the parameter = offset + scale (frac(i 0.6180339887498949 + k 0.7548776662466927) - 0.5), all in float64 and then
    rounded to float32; k counts the parameters of the model from 0.
    """
    values, formulas = {}, {}
    for k, (name, (shape, offset, scale)) in enumerate(parameter_specs(config).items()):
        formula = as_float32(torch.tensor([offset, scale, k], dtype=torch.float64))
        position = torch.arange(math.prod(shape), dtype=torch.float64) * GOLDEN_RATIO + k * PLASTIC_RATIO
        value = formula[0] + formula[1] * (position - position.floor() - 0.5)
        values[name] = as_float32(value).reshape(shape).requires_grad_()
        formulas[name] = formula
    return values, formulas
