"""A store of round numbers, for plans that can be worked on paper."""

from datetime import date

from opsbook.domain.basis import Basis, Kind
from opsbook.metrics.catalogue import metrics
from opsbook.metrics.figures import Figure, index
from opsbook.metrics.review import Review

# Every month is what its days make it, so that the festival moves nothing in years that are not leap years.
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
BY_DAY = {"visitors": 100.0, "lead_buyers": 4.0, "ta_orders": 0.4, "ta_amount": 800.0, "inquiries": 2.0}


def store(years, last_month=12, growth=0.0):
    """Return a review whose every day is alike but for a growth from year to year."""
    found = []
    for step, year in enumerate(years):
        months = last_month if year == years[-1] else 12
        for metric, rate in BY_DAY.items():
            values = [rate * days * (1 + growth) ** step for days in DAYS[:months]]
            unit = metrics()[metric].unit
            found += [
                Figure(metric, f"{year}-{at:02d}", "", value, unit, Basis.of(Kind.GIVEN))
                for at, value in enumerate(values, start=1)
            ]
            for quarter in range((months + 2) // 3):
                part = values[3 * quarter : 3 * quarter + 3]
                basis = Basis.of(Kind.SUM_OF_MONTHS, *(() if len(part) == 3 else (len(part), 3)))
                found.append(Figure(metric, f"{year}-Q{quarter + 1}", "", sum(part), unit, basis))
            basis = Basis.of(Kind.SUM_OF_MONTHS, *(() if months == 12 else (months, 12)))
            found.append(Figure(metric, str(year), "", sum(values), unit, basis))
    end = date(years[-1], last_month, DAYS[last_month - 1])
    found.append(Figure("ad_cpc", str(years[-1]), "", 4.0, "CNY", Basis.of(Kind.RATIO_OF_SUMS)))
    found.append(Figure("ad_roi", str(years[-1]), "", 0.8, "ratio", Basis.of(Kind.RATIO_OF_SUMS)))
    return Review(years[-1], end, index(found), cny_per_usd=7.0)
