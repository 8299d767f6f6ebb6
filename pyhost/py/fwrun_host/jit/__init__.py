# What Numba makes of the user's functions: of those they marked (receipt), and, where
# that is safe, of others (AutoJit). Nothing here loads numba before it is needed.

from .auto import AutoJit
from .compilations import compilations
from .first_calls import first_calls
from .receipt import receipt
from .trampoline import is_trampoline

__all__ = ['AutoJit', 'compilations', 'first_calls', 'is_trampoline', 'receipt']
