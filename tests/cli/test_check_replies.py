"""What check says of replies saved as JSON."""

import json

import pytest
from intake.replies import DAYS, MONTH_URL, PRODUCTS, REPORT

from opsbook.commands.check import check

FILES = {
    "summary.json": {"success": True, "returnValue": DAYS},
    "report.json": {"success": True, "values": REPORT},
    "products.json": {"data": PRODUCTS, "recordCount": 382, "downloadUrl": MONTH_URL},
    "failed.json": {"success": False, "error": "timeout"},
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replies")
    for name, content in FILES.items():
        past = json.dumps(content, ensure_ascii=False).replace("2026-", "2024-")  # over whenever this runs
        (folder / name).write_text(past, encoding="utf-8")
    return folder, check([folder])


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["summary.json: Shop overview, 2024-08-30~2024-09-01, 3 rows", "Data map:", "2 / 382, a sample", "That is not zero"]),
        ("zh", ["summary.json: 店铺数据概览，2024-08-30~2024-09-01，3 行", "数据地图：", "2 / 382", "没有数据不等于 0"]),
    ],
)  # fmt: skip
def test_the_lines_for_people(outcome, language, expected):
    text = "\n".join(outcome[1].lines(language))
    assert [words for words in expected if words not in text] == []


def test_what_no_figure_uses_is_said(outcome):
    kept = [line for line in outcome[1].lines("en") if "no figure is made from it yet" in line]
    assert {line.split(": ")[1].split(",")[0] for line in kept} >= {
        "Salespeople",
        "Star level",
        "Product tiers",
    }
    assert not [line for line in kept if "Shop overview" in line or "Product analysis" in line]


def test_the_map_is_in_the_document_of_a_folder_and_not_of_a_file(outcome):
    folder, found = outcome
    states = {(each["kind"], each["month"]): each["state"] for each in found.as_document()["data_map"]}
    assert states["shop_overview", "2024-08"] == "some days"
    assert states["product_performance", "2024-08"] == "sample only"
    assert states["orders", "2024-08"] == "missing"
    assert check([folder / "summary.json"]).as_document()["data_map"] == []
