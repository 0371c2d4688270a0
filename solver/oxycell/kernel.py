"""Decorators of compiled functions, with the options of numba's `njit`; all are kept in the cache.

`kernel` is for functions that are called from Python, `inner_kernel` for those that kernels alone call. Neither gets
wrappers for calls that nobody makes: these would take a seventh of compiling.
"""

from functools import partial

from numba import njit

kernel = partial(njit, cache=True, no_cfunc_wrapper=True, error_model="numpy")
inner_kernel = partial(kernel, no_cpython_wrapper=True)
