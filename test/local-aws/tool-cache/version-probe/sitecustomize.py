"""
Python runs this before a program, because its folder is on PYTHONPATH: it tells which moto the program would run, and
ends. The program may be a wrapper of any kind, so that its path tells nothing.
"""

import json
import os
from importlib.metadata import PackageNotFoundError, distribution

try:
    moto = distribution("moto")
    print(json.dumps({"version": moto.version, "location": str(moto.locate_file(""))}), flush=True)
except PackageNotFoundError:
    pass
os._exit(0)
