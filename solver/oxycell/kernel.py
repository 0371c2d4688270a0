"""Decorators of compiled functions, with the options of numba's `njit`; all are kept in the cache.

`kernel` is for functions that are called from Python, `inner_kernel` for those that kernels alone call. Neither gets
wrappers for calls that nobody makes: these would take a seventh of compiling.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar, cast, overload

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


class _Decorator(Protocol):
    """What a type checker is told: the compiled function is called like the one that was written."""

    @overload
    def __call__(self, function: _Function, /) -> _Function: ...

    @overload
    def __call__(self, **options: Any) -> Callable[[_Function], _Function]: ...


kernel = cast(_Decorator, partial(njit, cache=True, no_cfunc_wrapper=True, error_model="numpy"))
inner_kernel = cast(_Decorator, partial(kernel, no_cpython_wrapper=True))
