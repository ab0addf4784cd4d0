#!/usr/bin/env python3
"""Writes one script, each statement of which some rule looks at, of about SIZE bytes or lines: make_file.py PATH SIZE [lines]."""
import os
import sys

SHELL = """for seed in 1 2; do
  "$PY" train.py --seed "$seed" --out "/root/autodl-tmp/run{n}" 2>&1 | tee "log{n}.txt"
done
if cp /root/autodl-tmp/run{n}/best.pth /root/autodl-fs/; then echo "run {n} is kept"; fi
"""
PYTHON = """def save{n}(model, folder="/root/autodl-tmp/run{n}"):
    path = os.path.join(folder, "latest.pth")
    torch.save(model.state_dict(), path + ".tmp")
    os.replace(path + ".tmp", path)


save{n}(build({n}))
"""


def main():
    path, size = sys.argv[1], int(sys.argv[2])
    shell, lines = path.endswith(".sh"), sys.argv[3:] == ["lines"]
    text = "#!/bin/bash\nset -euo pipefail\nPY=/root/miniconda3/bin/python\n" if shell else "import os\nimport torch\nfrom net import build\n"
    block = SHELL if shell else PYTHON
    parts, written, number = [text], text.count("\n") if lines else len(text), 0
    while written < size:
        parts.append(block.format(n=number))
        written += block.count("\n") if lines else len(parts[-1])
        number += 1
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write("".join(parts))


main()
