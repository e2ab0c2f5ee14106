"""The declared schemas: complete against what was seen in real files, and never two for one table."""

import csv
import itertools
from pathlib import Path

import pytest

from opsbook.schemas import normalise_header, schemas

SCHEMAS = schemas()


@pytest.mark.parametrize("kind", list(SCHEMAS))
def test_a_header_names_one_field(kind):
    owners = {}
    for field in SCHEMAS[kind].fields:
        for header in field.headers:
            owners.setdefault(normalise_header(header), set()).add(field.name)
    assert {header: names for header, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize("kind", list(SCHEMAS))
def test_rules_name_fields_that_exist(kind):
    schema = SCHEMAS[kind]
    named = {*schema.key, *itertools.chain(*schema.required)}
    named |= {name for name in (schema.period_field, schema.version_field) if name}
    assert named <= set(schema.by_name)
    assert not schema.excludes & {
        normalise_header(header)
        for name in itertools.chain(*schema.required)
        for header in schema.by_name[name].headers
    }


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(SCHEMAS, 2)))
def test_no_two_schemas_can_claim_one_table(one, other):
    """Proof: each pair has a requirement of one whose every header the other refuses."""

    def refuses(refusing, required):
        return any(
            {normalise_header(h) for name in names for h in required.by_name[name].headers}
            <= refusing.excludes
            for names in required.required
        )

    a, b = SCHEMAS[one], SCHEMAS[other]
    assert refuses(a, b) or refuses(b, a)


def test_a_peer_column_is_the_number_with_the_peer_word_before_or_after():
    overview = SCHEMAS["shop_overview"]
    for header in ("同行优秀搜索曝光次数", "搜索曝光次数 - 同行优秀", "行业优秀搜索曝光次数"):
        assert overview.by_header[normalise_header(header)].name == "peer_top_search_impressions"


def seen_headers():
    with (Path(__file__).parent / "seen_headers.csv").open(encoding="utf-8") as file:
        return [(row["kind"], row["field"], row["header"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("kind", "field", "header"), seen_headers())
def test_every_header_seen_in_a_file_or_a_parser_is_known(kind, field, header):
    """The list is of headers seen in real exports (R) or in code that reads them (C)."""
    if field in ("peer_avg", "peer_top"):  # a word before a number's header, not a header
        header, field = f"{header}搜索曝光次数", f"{field}_search_impressions"
    assert SCHEMAS[kind].by_header[normalise_header(header)].name == field
