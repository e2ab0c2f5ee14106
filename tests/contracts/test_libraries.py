"""What comes with OpsBook: bounds with reasons, and licences that allow any use."""

import re

import pytest
from contracts.libraries import closure, family, needed


@pytest.mark.parametrize(("name", "versions", "reason"), list(needed()), ids=lambda value: str(value)[:20])
def test_every_library_has_bounds_and_a_reason(name, versions, reason):
    assert reason
    assert (
        re.fullmatch(r">=[\d.]+,(?:!=[\d.]+(?:\*)?,)*<[\d.]+|==[\d.]+", versions) or name == "tzdata"
    )  # named by date


@pytest.mark.parametrize("name", closure())
def test_every_library_that_comes_along_is_free_to_use(name):
    assert family(name), f"{name}: its licence is none that is known to be free to use; look at it"
