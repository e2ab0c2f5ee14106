"""The market of a country in the spellings of exports."""

import pytest

from opsbook.params.export_words import market

MARKETS = {
    "Europe": "德国|Germany|DE|DEU|德國|Monaco|Åland Islands|Czechia|The Netherlands|DE - Germany",
    "North America": "美国|美國|United States|USA|U.S.|美国 (US)|United States(US)|Greenland",
    "Latin America": "Saint Lucia|St. Lucia|圣卢西亚|Bahamas|Curaçao|Bolivia (Plurinational State of)",
    "Middle East": "UAE|沙特阿拉伯|Syrian Arab Republic|Türkiye",
    "Southeast Asia": "Viet Nam|Vietnam|Lao PDR|Myanmar (Burma)|菲律賓",
    "East Asia": "Korea, Republic of|中国香港特别行政区|Taiwan, Province of China|KP",
    "South Asia": "IN|孟加拉|不丹",
    "Oceania": "Guam|汤加|AS",
    "Africa": "Namibia|纳米比亚|Congo, Democratic Republic of the|Cabo Verde|Cape Verde",
    "Russia and Central Asia": "Russian Federation|RUS|亞美尼亞",
    "Unknown": "NA|Atlantis|月球|Unspecified|Germany / USA|Germany (moon)|-",
}


@pytest.mark.parametrize(
    ("country", "name"),
    [(country, name) for name, listed in MARKETS.items() for country in listed.split("|")],
)
def test_the_market_of_a_country(country, name):
    assert market(country) == name
