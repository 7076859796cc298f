"""Writes the safetensors format: eight bytes of header length (little-endian), a JSON header, the numbers one after the other."""
import json
import struct

import torch

TYPES = {torch.float32: "F32", torch.int32: "I32"}


def write(path, tensors, metadata):
    """tensors: name -> tensor; floats are rounded to float32, whole numbers are stored as int32. metadata: name -> text."""
    header, parts, end = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        tensor = tensor.detach().to(torch.float32 if tensor.is_floating_point() else torch.int32).contiguous()
        part = tensor.numpy().tobytes()
        header[name] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [end, end + len(part)]}
        parts.append(part)
        end += len(part)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the numbers start at a multiple of eight bytes
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
