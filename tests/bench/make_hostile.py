#!/usr/bin/env python3
"""Writes inputs that are known to make parsers and interpreters slow: make_hostile.py FOLDER."""
import os
import sys

FILES = {
    "heredocs.sh": "cat " + "<<A " * 10000 + "\n",
    "redirects.sh": "<" * 100000,
    "substitutions.sh": "$(" * 50000,
    "quotes.sh": "echo " + "\"$x'" * 50000 + "\n",
    "functions.sh": "".join(f"f{i}() {{ f{i + 1}; f{i + 1}; }}\n" for i in range(60)) + "f0\npip install x\n",
    "joins.sh": "".join(f"if a; then v{i}=1; else v{i}=2; fi\n" for i in range(20000)) + "pip install x\n",
    "list.py": "import torch\ntorch.save([" + "1," * 500000 + "], 'a')\n",
    "parentheses.py": "torch.save(" + "(" * 100000,
    "operators.py": "import torch\nx = " + "1+" * 100000 + "1\ntorch.save(x, 'a')\n",
    "calls.py": "import torch\n" + "".join(f"def f{i}(x):\n    f{i + 1}(x)\n    f{i + 1}(x)\n" for i in range(60)) + "f0(1)\ntorch.save(1, 'a')\n",
    "branches.py": "import torch\nx = 0\n" + "if a:\n    x = x + 1\nelse:\n    x = str(x)\n" * 20000 + "torch.save(x, 'a')\n",
    "indentation.py": "import torch\n" + "".join(" " * i + "if a:\n" for i in range(900)) + " " * 900 + "torch.save(1, 'a')\n",
}


def main():
    folder = sys.argv[1]
    for name, text in FILES.items():
        path = os.path.join(folder, name.replace(".", "-"), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            # Without something that a rule looks for the file would not be parsed at all.
            out.write(("pip install y\n" if name.endswith(".sh") else "") + text)


main()
