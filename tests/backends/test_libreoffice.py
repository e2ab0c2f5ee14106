"""Another program opens what was written."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess

import pytest
from backends.packages import REVIEW, build, rewrite
from backends.test_apply import applied, plan

OFFICE = shutil.which("soffice")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_cells_and_agrees_with_the_formula(tmp_path):
    path = build(tmp_path / "b.xlsx")
    applied(path, plan(values=(11, 22, 33), log=3))
    # Without the values beside them LibreOffice has to calculate the formulas.
    rewrite(path, {REVIEW: lambda data: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)})
    profile = (tmp_path / "profile").as_uri()
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            tmp_path,
            path,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    found = next(tmp_path.glob("b*.csv")).read_text("utf-8")
    rows = list(csv.reader(found.splitlines()))
    assert [row[1] for row in rows[4:8]] == ["月份", "1月", "2月", "3月"]
    assert [float(row[2].replace(",", "")) for row in rows[5:8]] == [11, 22, 33]
    assert float(rows[7][3]) == 8  # 11 - (0 + 1 + 2)
    assert float(rows[0][6]) == 66  # the user's own sum
