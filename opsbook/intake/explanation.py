"""Which kinds a table can be of, and which of them explains the most of its headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opsbook.intake.header_candidates import Candidate, normal
from opsbook.schemas import PeriodRule, finer


@dataclass(frozen=True)
class Claim:
    """A band of rows that has all that a kind requires.

    Attributes:
        candidate: The band, read as the header of the kind.
        exact: The requirements are met by headers without decoration.
    """

    candidate: Candidate
    exact: bool

    @property
    def rank(self) -> tuple[int, bool, bool]:
        """What makes one claim better than another.

        More explained columns are better. Of equals, plain headers are better than decorated ones, and a kind that
        lacks its own period column is worse than one that has it or needs none.
        """
        schema = self.candidate.schema
        present = {owner.name for owner in self.candidate.columns.values()}
        dated = not schema.period_field or schema.period_field in present
        return len(self.candidate.columns), self.exact, dated


def best(claims: Sequence[Claim]) -> list[Claim]:
    """Return the best claim, or all best claims of one band where several kinds explain its headers equally well."""
    if not claims:
        return []
    first = max(
        claims,
        key=lambda claim: (
            *claim.rank,
            claim.candidate.first - claim.candidate.last,
            -claim.candidate.first,
        ),
    )
    return [
        claim
        for claim in claims
        if _rows(claim.candidate) == _rows(first.candidate) and claim.rank == first.rank
    ]


def undecided(tied: Sequence[Claim]) -> str:
    """Return the kinds of a tie for a person, each with the headers that no other one of them knows."""
    parts = []
    for claim in tied:
        others = [other.candidate.columns for other in tied if other is not claim]
        own = [
            claim.candidate.names[column]
            for column in sorted(claim.candidate.columns)
            if not any(column in columns for columns in others)
        ]
        schema = claim.candidate.schema
        parts.append(f"{schema.title.zh} / {schema.title.en} ({schema.kind}): {'、'.join(own) or '-'}")
    return "; ".join(parts)


def claims(candidates: Sequence[Candidate], pinned: frozenset[str], *, virtual_period: bool) -> list[Claim]:
    """Return the candidates that are of their kind.

    A decorated header speaks for a kind and against others as the plain one does. Where only the plain headers of
    a table are of a kind, they count alone.

    Args:
        candidates: Every band, read as every kind.
        pinned: Kinds that a person named for the file; empty where nobody did.
        virtual_period: The period of the whole table is known from elsewhere: a period column may be absent.
    """
    found = []
    for candidate in candidates:
        texts = frozenset(candidate.texts)
        exact = _is_of_its_kind(candidate, texts, texts, pinned, virtual_period)
        if exact or _is_of_its_kind(
            candidate, frozenset(candidate.read), frozenset(candidate.marks), pinned, virtual_period
        ):
            found.append(Claim(candidate, exact))
    if pinned:
        return found
    return [claim for claim in found if not _is_outweighed(claim.candidate, candidates)]


def _is_of_its_kind(
    candidate: Candidate,
    texts: frozenset[str],
    marks: frozenset[str],
    pinned: frozenset[str],
    virtual_period: bool,
) -> bool:
    schema = candidate.schema
    if virtual_period:
        if schema.period is not PeriodRule.COLUMN or not schema.period_field:
            return False
        texts |= {normal(schema.by_name[schema.period_field].headers[0])}
    if pinned:  # a person named the kind: no header speaks against it any more
        if schema.kind not in pinned:
            return False
    elif marks & finer(schema.kind):
        return False
    return not schema.lacks({owner.name for text in texts if (owner := schema.by_header.get(text))})


def _is_outweighed(candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether a table that would be one of a team's notes is rather an export that lacks one required column.

    The kinds that a team notes require one to three everyday words, which an export may have as well.
    """
    return candidate.schema.noted and any(
        _rows(other) == _rows(candidate)
        and not other.schema.noted
        and len(other.columns.keys() - candidate.columns.keys()) > len(candidate.columns)
        and len(other.schema.lacks({owner.name for owner in other.columns.values()})) == 1
        for other in candidates
    )


def _rows(candidate: Candidate) -> tuple[int, int]:
    return candidate.first, candidate.last
