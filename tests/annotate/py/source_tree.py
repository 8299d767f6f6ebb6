# Puts the packages of the source tree on sys.path, from this file's own place.

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / 'annotate' / 'py'))
sys.dont_write_bytecode = True
