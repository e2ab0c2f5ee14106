"""On Windows, beside the server: what somebody would write with xlwings alone. No errors, no blanks, no texts."""

import numpy as np
import xlwings as xw


@xw.func
def BARE_GROWTH(current, base):
    return (current - base) / abs(base)


@xw.func
@xw.arg("current", np.array, ndim=2)
@xw.arg("base", np.array, ndim=2)
def BARE_GROWTH_RANGE(current, base):
    return (current - base) / np.abs(base)


@xw.func
@xw.arg("values", np.array)
def BARE_HHI(values):
    return float(np.sum((values / np.sum(values)) ** 2))
