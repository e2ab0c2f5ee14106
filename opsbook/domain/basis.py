"""What a figure is made of, or why it is empty: a record with a closed vocabulary.

The words for people, and the English ones of `opsbook values`, are made in `opsbook.review.basis_text` only. Nothing
else reads or writes a sentence about a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Lack(StrEnum):
    """What would have to be given so that a figure were defined."""

    RATE = "rate"  # CNY per USD
    MARGIN = "margin"  # the gross margin
    REVENUE = "revenue"  # what the ads brought
    MONTH = "month"  # a month of the period itself
    BASE = "base"  # the period that it is compared with


class Kind(StrEnum):
    """One thing that can be said of a figure; the comment names its values, in order."""

    # How the value was made. Those of `PARTIAL` take "known, of how many" where some are missing.
    GIVEN = "given"
    SUM_OF_ROWS = "sum_of_rows"
    SUM_OF_ORDERS = "sum_of_orders"
    SUM_OF_DAYS = "sum_of_days"
    SUM_OF_PARTS = "sum_of_parts"
    SUM_OF_MONTHS = "sum_of_months"
    RATIO_OF_SUMS = "ratio_of_sums"
    MEANS_OF_MONTHS = "means_of_months"
    DISTINCT_BUYERS = "distinct_buyers"
    LAST_VALUE = "last_value"
    NEWEST_LIST = "newest_list"
    ESTIMATED = "estimated"
    UPPER_BOUND = "upper_bound"
    MEAN_OF_MONTHS = "mean_of_months"  # months
    MEAN_OF_PRODUCTS = "mean_of_products"  # products with data, products
    WILSON = "wilson"
    POISSON = "poisson"
    # Where it is from, if not from the usual source.
    FROM_ORDERS = "from_orders"
    FROM_OVERVIEW_COLUMN = "from_overview_column"
    FROM_OWN_TABLE = "from_own_table"
    # How much it rests on.
    MONTHS = "months"  # months
    ITEMS = "items"  # items
    OPEN = "open"  # items that are open
    ORDERS = "orders"  # orders
    ORDERS_OF_BUYERS = "orders_of_buyers"  # orders, buyers
    ORDERS_OF_INQUIRIES = "orders_of_inquiries"  # orders, inquiries
    INQUIRIES = "inquiries"  # inquiries
    BUYERS_OF = "buyers_of"  # buyers, of all
    CUSTOMERS = "customers"  # customers
    CUSTOMERS_OF = "customers_of"  # customers, of all
    PRODUCTS_OF = "products_of"  # products, of all
    WORDS = "words"  # words
    WORDS_OF = "words_of"  # words, of all
    COMPETITORS = "competitors"  # competitors
    COMPETITORS_SEEN = "competitors_seen"  # seen lately, of all
    DONE_OF = "done_of"  # done, planned
    OTHERS = "others"  # cases that are not listed
    UNKNOWN = "unknown"  # rows that do not say
    WITHOUT_AMOUNT = "without_amount"  # orders
    WITHOUT_LEVEL = "without_level"  # inquiries
    FIRST_SEEN = "first_seen"  # products dated by first sight, of all
    EFFECTLESS = "effectless"  # products without effect, of all, days covered, of the window
    LAST_CHECK = "last_check"  # words
    LIST_CAPPED = "list_capped"
    # Which days or months, and against which.
    TO_DAY = "to_day"  # day
    TO_DATE = "to_date"
    ON_DAY = "on_day"  # day
    SPAN = "span"  # first day, last day
    SAME_PRODUCTS = "same_products"  # products
    WORDS_AGAINST = "words_against"  # day, day before, words
    MONTHS_BEFORE = "months_before"  # months
    MONTHS_AFTER = "months_after"  # months
    SECOND_HALF = "second_half"  # months, of six
    # How a change was made.
    WHOLE_PERIODS = "whole_periods"
    SAME_MONTHS = "same_months"  # months
    SNAPSHOTS = "snapshots"
    LAST_CHECKS = "last_checks"
    POINTS = "points"  # the change is in percentage points
    GROWTH_POINTS = "growth_points"  # one growth less another
    AMOUNTS = "amounts"  # USD now, USD before
    RANKS = "ranks"  # first rank, last rank
    ZERO_AMOUNT = "zero_amount"
    # Rates and limits that went in.
    FX_RATE = "fx_rate"  # CNY per USD
    FX_RATES = "fx_rates"  # lowest, highest
    SHOP_RATE = "shop_rate"  # percent
    ALL_WORDS_RATE = "all_words_rate"  # percent
    ALL_MARKETS_RATE = "all_markets_rate"  # percent
    BEST_PRODUCT = "best_product"  # CNY of the best product, CNY that make a hot one
    # Verdicts.
    UP = "up"
    DOWN = "down"
    ABOVE_MEAN = "above_mean"
    BELOW_MEAN = "below_mean"
    TOO_FEW = "too_few"
    PROVEN = "proven"
    NOT_PROVEN = "not_proven"
    NOT_JUDGED = "not_judged"
    # The certification and its season.
    DIFFERENCE_IN_DIFFERENCES = "difference_in_differences"
    OWN_YEAR_BEFORE = "own_year_before"
    # The plan.
    LAST_YEARS_TARGET = "last_years_target"
    BASELINE_AND_GROWTH = "baseline_and_growth"
    LARGEST_REMAINDER = "largest_remainder"
    MONTHS_LEFT = "months_left"  # months, a running one by its days
    BY_FORECAST = "by_forecast"  # months
    LEVEL_OF_LAST_MONTHS = "level_of_last_months"
    LAST_YEAR_AT_THIS_LEVEL = "last_year_at_this_level"
    HOLT_WINTERS = "holt_winters"
    SEASON_OF_ONE_YEAR = "season_of_one_year"
    SEASON_OF_YEARS = "season_of_years"  # years
    SEASON_OF_LAST_MONTHS = "season_of_last_months"
    EVEN = "even"
    PROBABILITY_X_IMPACT = "probability_x_impact"
    RANK_HOLDS = "rank_holds"  # rank, whichever weight is moved
    RANK_MOVES = "rank_moves"  # best rank, worst rank
    MONTHS_OF_BOTH = "months_of_both"
    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"
    AS_PLANNED = "as_planned"
    # Why it is empty.
    NO_SOURCE = "no_source"
    NOT_COMPUTED = "not_computed"
    OUT_OF_RANGE = "out_of_range"
    NO_BASE = "no_base"
    UNDEFINED = "undefined"  # one of the two values of a change is
    FROM_ZERO = "from_zero"
    ZERO_BASE = "zero_base"
    INCOMPLETE = "incomplete"  # time will bring it
    MISSING_MONTH = "missing_month"  # time will not
    NO_RATE = "no_rate"
    NO_REVENUE = "no_revenue"
    NO_MARGIN = "no_margin"
    NO_SAMPLE = "no_sample"
    NO_BUYERS = "no_buyers"
    NO_OLD_PRODUCT = "no_old_product"
    ONE_LIST = "one_list"
    NO_COMMON_PRODUCT = "no_common_product"
    ONE_CHECK = "one_check"  # rank
    MONEY_WITHOUT_ORDERS = "money_without_orders"
    MORE_ORDERS = "more_orders"
    SEASON_UNKNOWN = "season_unknown"
    NO_ACTUAL = "no_actual"
    NO_RATING = "no_rating"
    NOT_BEGUN = "not_begun"
    MONTHS_MISS_TARGET = "months_miss_target"  # by how much


PARTIAL = frozenset(
    {Kind.SUM_OF_DAYS, Kind.SUM_OF_MONTHS, Kind.RATIO_OF_SUMS, Kind.MEANS_OF_MONTHS, Kind.DISTINCT_BUYERS}
)
"""Kinds that take "known, of how many" where days or months are missing, and nothing where none is."""
_LACKS = {
    Kind.NO_RATE: Lack.RATE,
    Kind.NO_MARGIN: Lack.MARGIN,
    Kind.NO_REVENUE: Lack.REVENUE,
    Kind.MISSING_MONTH: Lack.MONTH,
    Kind.NO_BASE: Lack.BASE,
}

Value = float | date


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said of a figure: what, and its numbers and days in the order that `Kind` names."""

    kind: Kind
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """What a figure is made of, or why it is empty: facts in the order in which they are read; none where unsaid."""

    facts: tuple[Fact, ...] = ()

    @classmethod
    def of(cls, kind: Kind, *values: Value) -> Basis:
        """Return a basis of one fact.

        Args:
            kind: What is said.
            values: Its numbers and days, as `Kind` names them.
        """
        return cls((Fact(kind, tuple(each if isinstance(each, date) else float(each) for each in values)),))

    def plus(self, kind: Kind, *values: Value) -> Basis:
        """Return the basis with one fact more at its end."""
        return self + Basis.of(kind, *values)

    def __add__(self, other: Basis) -> Basis:
        return Basis(self.facts + other.facts)

    def __bool__(self) -> bool:
        return bool(self.facts)

    def has(self, *kinds: Kind) -> bool:
        """Return whether one of these kinds is among the facts."""
        return any(fact.kind in kinds for fact in self.facts)

    def without(self, kind: Kind) -> Basis:
        """Return the basis without the facts of a kind."""
        return Basis(tuple(fact for fact in self.facts if fact.kind is not kind))

    def numbers(self, kind: Kind) -> tuple[float, ...]:
        """Return the numbers of the first fact of a kind; none where it is not said."""
        found = next((fact.values for fact in self.facts if fact.kind is kind), ())
        return tuple(each for each in found if not isinstance(each, date))

    @property
    def partial(self) -> bool:
        """Whether days or months are missing from the value."""
        return any(fact.kind in PARTIAL and bool(fact.values) for fact in self.facts)

    @property
    def lack(self) -> Lack | None:
        """What would have to be given, where that is why the figure is empty."""
        return next((_LACKS[fact.kind] for fact in self.facts if fact.kind in _LACKS), None)
