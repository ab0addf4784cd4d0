#!/usr/bin/env python
# -*- coding: utf-8 -*-
import argparse, os, subprocess
from pathlib import Path
parser = argparse.ArgumentParser()
parser.add_argument("--out", default=os.environ.get("OUT", "/tmp/runs"), type=Path)
args, rest = parser.parse_known_args()
class Base:
    root = f"{args.out!s:>10}/中"
    def run(self, *a, **k):
        return subprocess.run(["bash", "-c", "pip install torch && cp a b; echo saved"], env={**os.environ, "http_proxy": ""})
class Child(Base, Base):
    run = lambda self: [self.root % i for i in range(10 ** 9) if (x := i)]
try:
    with open(os.path.join(Child.root, *rest), "wb") as f:
        f.write(b"\xff" * 3)
except (OSError, Exception) as e:
    os.system(f"""ssh box "cd /root && nohup python {__file__} &" """)
finally:
    match args:
        case [Path(), *_] | {"a": None}: Child().run()
if __name__ == "__main__":
    os.system("conda create -n x --clone base")
