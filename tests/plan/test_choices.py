"""What the strategies are chosen by, on facts of a few lines, worked by hand."""

import math
from datetime import date

import numpy as np
import pytest

from opsbook.domain.basis import Basis
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.planning_inputs import Competitor, Market, Prospects, SearchWord, Track, Trial
from opsbook.metrics.review import Review
from opsbook.params import Settings
from opsbook.plan.offers import break_even
from opsbook.plan.row_merge import Line, Standing
from opsbook.plan.strategy_choices import choices
from opsbook.plan.tracks import rank_range, track_scores
from opsbook.plan.trial_verdicts import is_brand

NAN = math.nan


def filled(name, found=None, standing=None, figures=(), year=2026, **settings):
    review = Review(2026, date(2026, 9, 30), index(figures), prospects=found or Prospects())
    tables = choices(review, standing or {}, year, Settings(language="en", **settings))
    return {line.key: live for line, live in tables[f"strategy.{name}"].lines()}


def word(text, index, *, competition=4.0, impressions=0.0, core=False):
    return SearchWord(text, index, competition, impressions, 100.0, core)


def test_words_are_listed_by_promise_and_a_brand_is_never_recommended():
    found = Prospects(
        words=(
            word("camping tent", 100.0),  # 100 / 2 = 50
            word("family camping tent", 90.0, competition=1.0),  # 90
            word("nike tent", 500.0),  # 250, a brand
            word("big tent", 80.0, impressions=50.0),  # half won: 80 x 0.5 / 2 = 20
            word("pop up tent", 60.0, core=True),  # 30
            word("tent", 30.0),  # 15, a word that says nothing
        )
    )
    lines = filled("words", found)
    assert list(lines) == [
        "nike tent",
        "family camping tent",
        "camping tent",
        "pop up tent",
        "big tent",
        "tent",
    ]
    assert {key: live["advice"] for key, live in lines.items()} == {
        "nike tent": "forbidden",
        "family camping tent": "advised",
        "camping tent": "advised",
        "pop up tent": "held",
        "big tent": "won",
        "tent": "broad",
    }
    assert lines["family camping tent"]["kind"] == "long tail"
    assert lines["big tent"]["capture"] == 0.5


@pytest.mark.parametrize(
    ("text", "own", "brand"),
    [
        ("nike shoes", "", True),
        ("pineapple tent", "", False),  # "apple" is no word of its own here
        ("Hello  Kitty bag", "", True),
        ("acme tent", "Acme，Other", True),
        ("tent", "", False),
    ],
)
def test_a_brand_is_known_as_a_word_of_its_own(text, own, brand):
    assert is_brand(text, own) is brand


def trial(name, shown, clicks, inquiries=0.0):
    return Trial(name, name, date(2026, 7, 1), 91, shown, clicks, inquiries)


def test_a_new_product_is_judged_only_on_a_sample_that_says_enough():
    # Together 3,000 impressions and 60 clicks: 2 %. Wilson, 95 %: 50 of 1,000 is 3.8-6.5 %, 5 of 1,000 is 0.2-1.2 %.
    found = Prospects(
        trials=(
            trial("good", 1000.0, 50.0),
            trial("poor", 1000.0, 5.0),
            trial("asked", 700.0, 5.0, inquiries=3.0),
            trial("young", 300.0, 0.0),
        )
    )
    verdicts = {key: live["verdict"] for key, live in filled("tests", found).items()}
    assert verdicts == {"good": "pass", "poor": "stop", "asked": "pass", "young": "few"}


def test_tracks_are_scored_from_what_is_known():
    facts = {
        "rts": {"share": 0.6, "growth": 0.1, "rate": NAN, "aov": 100.0, "margin": NAN},
        "deep": {"share": 0.4, "growth": 0.5, "rate": NAN, "aov": 300.0, "margin": NAN},
    }
    weight = {"share": 0.3, "growth": 0.2, "rate": 0.2, "aov": 0.1, "margin": 0.2}
    # Normalised: rts 1, 0, 0; deep 0, 1, 1. Of the weights 0.3, 0.2, 0.1 that are known.
    assert track_scores(facts, weight) == pytest.approx({"rts": 0.5, "deep": 0.5})
    assert rank_range(facts, weight, "rts") == (1, 2)  # the order hangs on the weights
    assert rank_range(facts, {**weight, "share": 0.9}, "rts") == (1, 1)


def test_order_rate_and_margin_of_a_track_are_typed():
    found = Prospects(tracks=(Track("rts", 6, 5, 600.0), Track("light", 4, 4, 2000.0)))
    plain = filled("tracks", found)
    assert (plain["rts"]["share"], plain["rts"]["growth"], plain["rts"]["aov"]) == (
        0.6,
        pytest.approx(0.2),
        100.0,
    )
    standing = {"strategy.tracks": Standing((Line("rts", {"margin": 0.1}), Line("light", {"margin": 0.4})))}
    typed = filled("tracks", found, standing)
    # share .3, growth .2 to rts; aov .1 to light, and with margins .2 more.
    assert (plain["rts"]["score"], plain["light"]["score"]) == (
        pytest.approx(0.5 / 0.6),
        pytest.approx(0.1 / 0.6),
    )
    assert (typed["rts"]["score"], typed["light"]["score"]) == (
        pytest.approx(0.5 / 0.8),
        pytest.approx(0.3 / 0.8),
    )


def test_an_offer_counts_each_order_in_its_highest_tier():
    found = Prospects(order_values=np.array([500.0, 900.0, 1200.0, 3500.0, 4000.0, 12000.0]))
    lines = filled("offers", found, gross_margin=0.3)
    tiers = {key: (live["orders"], live["amount"], live["cost"], live["near"]) for key, live in lines.items()}
    assert tiers == {
        "offer-1": (1.0, 1200.0, 12.0, 1.0),  # 1,000 to 3,000 at 1 %; 900 is just below
        "offer-2": (2.0, 7500.0, 150.0, 0.0),
        "offer-3": (0.0, 0.0, 0.0, 1.0),  # 4,000 is just below 5,000
        "offer-4": (1.0, 12000.0, 600.0, 0.0),
    }
    assert lines["offer-4"]["uplift"] == pytest.approx(0.3 / 0.25 - 1)


@pytest.mark.parametrize(("discount", "margin"), [(None, 0.3), (0.1, None), (0.3, 0.3), (0.4, 0.3)])
def test_a_discount_that_never_pays_has_no_break_even(discount, margin):
    assert math.isnan(break_even(discount, margin))


def test_a_competitor_shows_what_is_another_than_the_month_before():
    found = Prospects(
        competitors=(
            Competitor("A", date(2026, 8, 31), 9.0, 10.0, 12.0, NAN, ("main_image",), "618"),
            Competitor("B", date(2026, 8, 31), 5.0, 5.0, NAN, 40.0, (), ""),
        )
    )
    lines = filled("competitors", found)
    assert (lines["A"]["month"], lines["A"]["state"]) == ("2026-08; new image", "moved")
    assert lines["A"]["change"] == pytest.approx(-0.1)
    assert (lines["B"]["state"], lines["B"]["hot"]) == ("calm", None)


def test_a_market_shows_frequency_and_the_verdict_of_its_conversion():
    found = Prospects(markets=(Market("Europe", 12, 5, 6000.0, "Tent"), Market("Africa", 2, 0, 300.0, "")))
    figures = (
        Figure("market_order_rate", "2026", "market=Europe", 0.2, "ratio", Basis()),
        Figure("market_order_rate.verdict", "2026", "market=Europe", 1.0, "verdict", Basis()),
    )
    lines = filled("markets", found, figures=figures)
    assert (lines["Europe"]["frequency"], lines["Europe"]["aov"]) == (2.4, 500.0)
    assert lines["Europe"]["verdict"] == "above"
    assert (lines["Africa"]["frequency"], lines["Africa"]["verdict"]) == (None, "unknown")


def test_the_calendar_counts_what_was_done_against_what_was_planned():
    figures = (
        Figure("live_sessions", "2026-03", "", 2.0, "count", Basis()),
        Figure("short_videos", "2026-03", "", 1.0, "count", Basis()),
    )
    lines = filled("calendar", figures=figures)
    march, april = lines["month-3"], lines["month-4"]
    assert (march["done"], march["state"]) == (pytest.approx(3 / 5), "under_way")
    assert (april["done"], april["state"]) == (None, "ahead")
    assert len(filled("calendar", year=0)) == 12


def test_without_facts_the_lists_are_empty():
    for name in ("words", "tests", "tracks", "competitors", "markets"):
        assert filled(name) == {}
