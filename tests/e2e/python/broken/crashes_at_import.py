import ctypes
import os

os.write(2, b'last words\n')
ctypes.string_at(8)
