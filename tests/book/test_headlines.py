"""Conclusions: typed facts first, words last, and only what the data carry."""

import math
from datetime import date

import pytest

from opsbook.book import conclusions
from opsbook.book.cells import Sheets
from opsbook.book.headlines import FactForm, Headline, HeadlineFact, spell, texts
from opsbook.book.page import ReportPage
from opsbook.domain.basis import Basis, Kind
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.review import Review
from opsbook.params import Settings
from opsbook.plan.annual_plan import Plan


@pytest.mark.parametrize(
    ("value", "form", "unit", "zh", "en"),
    [
        pytest.param(268395.8, FactForm.MONEY, "USD", "26.8 万美元", "US$268.4K", id="ten thousands"),
        pytest.param(9999.4, FactForm.MONEY, "USD", "9,999 美元", "US$9,999", id="below ten thousand"),
        pytest.param(4.036, FactForm.MONEY, "CNY", "4.04 元", "¥4.04", id="a price"),
        pytest.param(-7501.6, FactForm.MONEY, "USD", "−7,502 美元", "−US$7,502", id="a loss"),
        pytest.param(1331880.0, FactForm.MONEY, "USD", "133.2 万美元", "US$1.33M", id="millions"),
        pytest.param(3192486, FactForm.COUNT, "count", "319.2 万", "3.19M", id="many things"),
        pytest.param(47815, FactForm.COUNT, "persons", "47,815", "47,815", id="some things"),
        pytest.param(0.0319, FactForm.RATE, "ratio", "3.19%", "3.19%", id="a rate below five per cent"),
        pytest.param(0.7407, FactForm.RATE, "ratio", "74.1%", "74.1%", id="a rate"),
        pytest.param(0.2279, FactForm.GROWTH, "ratio", "+22.8%", "+22.8%", id="growth"),
        pytest.param(-0.071, FactForm.GROWTH, "ratio", "−7.1%", "−7.1%", id="decline"),
        pytest.param(0.0004, FactForm.GROWTH, "ratio", "±0.0%", "±0.0%", id="no growth to speak of"),
        pytest.param(-0.001, FactForm.POINTS, "ratio", "0.10 个百分点", "0.10 pp", id="points without sign"),
        pytest.param(-0.001, FactForm.SIGNED_POINTS, "ratio", "−0.10 pp", "−0.10 pp", id="points with sign"),
        pytest.param(math.nan, FactForm.MONEY, "USD", "–", "–", id="undefined is no number"),
    ],
)
def test_spelling(value, form, unit, zh, en):
    assert (spell(value, form, unit, "zh"), spell(value, form, unit, "en")) == (zh, en)


def page(*figures, year=2026, as_of=date(2026, 9, 30), language="zh"):
    review = Review(year, as_of, figures=index(figures))
    return ReportPage(review, language, Sheets(), Plan(), {})


def figure(metric, value, *, dimension="", pair=None, basis=Kind.SUM_OF_MONTHS, unit="USD"):
    return Figure(metric, "2026", dimension, value, unit, Basis.of(basis), pair=pair)


GROWN = (figure("ta_amount", 240.0), figure("ta_amount.yoy", 0.2, pair=(240.0, 200.0), unit="ratio"))
PARTS = tuple(
    figure("growth_bridge", value, dimension=f"part={part}")
    for part, value in (("visitors", 10.0), ("lead_rate", -5.0), ("order_rate", 35.0), ("order_value", 0.0))
)


@pytest.mark.parametrize(
    ("figures", "zh"),
    [
        pytest.param((), None, id="no money, no sentence"),
        pytest.param(
            (figure("ta_amount", 240.0), figure("ta_amount.yoy", math.nan, basis=Kind.NO_BASE)),
            "1–9 月信保成交 240 美元；不作同比：无对比基数",
            id="without last year nothing is compared",
        ),
        pytest.param(
            GROWN,
            "1–9 月信保成交 240 美元，比去年同期多 40.00 美元（+20.0%，不判断）",
            id="no cause without its figures",
        ),
        pytest.param(
            (*GROWN, *PARTS),
            "1–9 月信保成交 240 美元，比去年同期多 40.00 美元（+20.0%，不判断）：主要来自订单转化（35.00 美元）",
            id="the part that pushed most",
        ),
        pytest.param(
            (
                figure("ta_amount", 150.0),
                figure("ta_amount.yoy", -0.25, pair=(150.0, 200.0), unit="ratio"),
                *PARTS,
            ),
            "1–9 月信保成交 150 美元，比去年同期少 50.00 美元（−25.0%，不判断）：主要来自商机转化（−5.00 美元）",
            id="of a decline the part that pulled",
        ),
    ],
)
def test_message(figures, zh):
    said = conclusions.message(page(*figures), Settings())
    assert (said and said.words("zh")) == zh


def test_a_running_month_is_not_in_the_sentence():
    figures = (
        figure("ta_amount", 260.0),
        figure("ta_amount.yoy", 0.2, pair=(240.0, 200.0), unit="ratio"),
    )
    said = conclusions.message(page(*figures, as_of=date(2026, 10, 5)), Settings())
    assert said.words("zh").startswith("1–9 月信保成交 240 美元")


def test_months_are_counted_only_in_the_direction_of_the_year():
    verdicts = {1: 1.0, 2: 0.0, 3: -1.0, 4: 1.0}
    figures = [
        figure("visitors", 120.0, unit="persons"),
        figure("visitors.yoy", 0.2, pair=(120.0, 100.0), unit="ratio"),
        *(
            Figure(
                "visitors.yoy.verdict",
                f"2026-{month:02d}",
                "",
                value,
                "verdict",
                Basis.of(Kind.SUM_OF_MONTHS),
            )
            for month, value in verdicts.items()
        ),
    ]
    said = conclusions.visitors(page(*figures, as_of=date(2026, 4, 30)), Settings())
    assert (said.facts["proven"].value, said.facts["months"].value) == (2, 4)


@pytest.mark.parametrize("key", [key for key in texts() if key != "phrases"])
def test_both_languages_say_the_same_facts(key):
    class Asked(dict):
        def __missing__(self, name):
            self[name] = name
            return name

    told = []
    for language in ("zh", "en"):
        asked = Asked()
        texts()[key][language].format_map(asked)
        told.append(set(asked))
    assert told[0] == told[1]


def test_a_headline_is_words_only_at_the_edge():
    said = Headline(
        "zero_effect", {"share": HeadlineFact(0.125, FactForm.RATE, "ratio", "zero_effect_share", "2026")}
    )
    assert said.words("en") == "12.5% of the products have no effect: no clicks, inquiries or orders"


def test_a_long_product_name_ends_with_a_whole_word():
    assert conclusions.cut("Demo Rattan Outdoor Sofa Set 4 Pieces", 20) == "Demo Rattan Outdoor"
