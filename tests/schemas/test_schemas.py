"""The declared schemas: complete against what was seen in real files, and each independent of the others."""

import csv
import itertools
import re
from pathlib import Path

import pytest

import opsbook.schemas
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
    assert not schema.not_by & schema.by_header.keys()


@pytest.mark.parametrize(
    "path", sorted(Path(opsbook.schemas.__file__).parent.glob("*.toml")), ids=lambda p: p.stem
)
def test_a_kind_is_one_file_that_names_no_other_kind(path):
    text = path.read_text(encoding="utf-8")
    assert [kind for kind in SCHEMAS if re.search(rf"\b{kind}\.", text)] == []


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
