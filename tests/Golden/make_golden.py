#!/usr/bin/env python3
"""Writes the *.safetensors of this folder: numbers from PyTorch and scikit-learn that the tests compare our kernels, towers and clusters with.

Usage: /usr/bin/python3 make_golden.py [NAME ...]       (Debian's python3-torch and python3-sklearn; all names: about a minute)

Inputs and parameters are rounded to float32 first; everything after is computed in float64 and rounded to float32 when it is stored.
So a stored number is the truth to half a unit in its last place, and what a test measures is our own rounding. Each case draws from
its own seed: one thread, no clock, the same bytes each time, and a case may be added without changing the others.
"""
import pathlib
import sys
import zlib

import torch

import cluster_cases
import kernel_cases
import safetensors_file
import tower_cases

HERE = pathlib.Path(__file__).parent
SEED = 6


def main(names):
    torch.set_num_threads(1)
    cases = {name: (lambda make=make: (make(), {})) for name, make in kernel_cases.CASES.items()}
    cases.update(tower_cases.CASES)
    cases.update(cluster_cases.CASES)
    for name in names or cases:
        torch.manual_seed(SEED + zlib.crc32(name.encode()))
        tensors, metadata = cases[name]()
        safetensors_file.write(HERE / f"{name}.safetensors", tensors, metadata)


if __name__ == "__main__":
    main(sys.argv[1:])
