"""Searches and stores too long for every run: ``OPSBOOK_SWEEP=1``, as in .ci/run, runs them whole."""

import os

import pytest

SWEEP = bool(os.environ.get("OPSBOOK_SWEEP"))
long = pytest.mark.skipif(not SWEEP, reason="a long sweep: OPSBOOK_SWEEP=1 runs it")
