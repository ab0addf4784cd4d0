#!/usr/bin/env python3
"""Writes COUNT files of projects like those that people rent a GPU for: make_projects.py FOLDER COUNT.

Each project has a wrapper, a trainer with its package, a notebook and requirements; the variants differ in
what is wrong with them. The same arguments give the same bytes."""
import json
import os
import random
import sys

LIBRARY = """import math
import torch
from torch import nn


class Block{n}(nn.Module):
    def __init__(self, width={width}, heads=8):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x, mask=None):
        y = self.norm(x)
        y, _ = self.attention(y, y, y, attn_mask=mask, need_weights=False)
        return x + self.mlp(y)


def schedule{n}(step, warmup={width}, total=100000):
    if step < warmup:
        return step / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))
"""
TRAIN = """import argparse
import os
import torch
from torch.utils.tensorboard import SummaryWriter
from model.block0 import Block0, schedule0


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="/root/autodl-tmp/data")
    parser.add_argument("--out", default="/root/autodl-tmp/checkpoints/run{n}")
    parser.add_argument("--log", default={log!r})
    parser.add_argument("--epochs", type=int, default=10)
    return parser.parse_args()


def main():
    args = parse()
    writer = SummaryWriter(args.log)
    model = Block0().cuda()
    optimizer = torch.optim.AdamW(model.parameters())
    for epoch in range(args.epochs):
        loss = model(torch.randn(4, 16, {width}).cuda()).mean()
        loss.backward()
        optimizer.step()
        writer.add_scalar("loss", loss.item(), epoch)
        torch.save(model.state_dict(), os.path.join(args.out, "latest.pth.tmp"))
        os.replace(os.path.join(args.out, "latest.pth.tmp"), os.path.join(args.out, "latest.pth"))


if __name__ == "__main__":
    main()
"""
RUN = """#!/usr/bin/env bash
set -euo pipefail
{hook}
cd "$(dirname "$0")"
PY={python}
$PY -m pip install -r requirements.txt
for seed in 1 2 3; do
  "$PY" train.py --out "/root/autodl-tmp/checkpoints/run{n}-$seed" 2>&1 | tee "train-$seed.log"
done
if cp /root/autodl-tmp/checkpoints/run{n}-1/best.pth /root/autodl-fs/; then
  echo "synced"
fi
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    draw = random.Random(7)
    written = number = 0
    while written < count:
        here = os.path.join(folder, f"project{number:05d}")
        width = draw.choice([256, 384, 512])
        files = {
            "run.sh": RUN.format(
                n=number,
                hook=draw.choice(["source /etc/network_turbo 2>/dev/null || true", "source /etc/network_turbo", ""]),
                python=draw.choice(["/root/miniconda3/bin/python", "python3"])),
            "train.py": TRAIN.format(n=number, width=width, log=draw.choice(["/root/tf-logs/run", "runs/exp"])),
            "requirements.txt": "numpy\ntqdm>=4.60\n" + draw.choice(["", "torch==2.1.0\n", "torch>=2.0\n"]),
            "explore.ipynb": json.dumps({
                "cells": [{"cell_type": "code", "source": ["!pip list\n", "import torch\n"], "outputs": [],
                           "metadata": {}, "execution_count": None}],
                "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4, "nbformat_minor": 5}),
            "model/__init__.py": "",
        }
        for i in range(15):
            files[f"model/block{i}.py"] = LIBRARY.format(n=i, width=width)
        for name, text in files.items():
            if written == count:
                break
            write(os.path.join(here, name), text)
            written += 1
        number += 1


main()
