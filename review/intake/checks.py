"""What can be checked about a hand-in without judging it: each finding says what, where, and how.

Everything green lets a submission pass by itself; anything else asks for a person's eye.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from credentials.catalog.definition import EditionDefinition
from portfolio.evidence.identity import spans

ADDRESS = re.compile(r"(?<![\w.+-])[\w][\w.+-]{0,63}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}(?![\w-])")
LISTED = 3


class Verdict(StrEnum):
    """What a finding means for the submission."""

    OK = "ok"
    LOOK = "look"
    WAIT = "wait"


@dataclass(frozen=True)
class Finding:
    """One check: its name, what it says, and where in the portfolio."""

    check: str
    verdict: Verdict
    where: str
    words: str

    def as_mapping(self) -> dict[str, str]:
        """Return the finding as it is kept."""
        return {**asdict(self), "verdict": self.verdict.value}


def place(item: Mapping[str, Any]) -> str:
    """Return the words for where a work sample stands, such as "E1, work sample 2"."""
    return f"{item['requirement'] or 'Other'}, work sample {item['position']}"


def seal(digest: str, computed: str) -> Finding:
    """Say whether the sealed portfolio is as it was handed in (INV-01)."""
    if digest == computed:
        return Finding("seal", Verdict.OK, "Whole portfolio", "The seal holds.")
    return Finding("seal", Verdict.LOOK, "Whole portfolio", "The seal does not hold.")


def parts(definition: EditionDefinition, manifest: Mapping[str, Any]) -> Finding:
    """Say whether everything that the edition asks for is there."""
    missing = _missing(definition, manifest)
    if not missing:
        return Finding("parts", Verdict.OK, "Whole portfolio", "Every part is there.")
    return Finding("parts", Verdict.LOOK, "Whole portfolio", f"Missing: {'; '.join(missing)}.")


def names(texts: Mapping[str, str], needles: Sequence[str]) -> list[Finding]:
    """Say where the learner's own names, addresses or employers can be read."""
    found = []
    for where, text in texts.items():
        words = sorted({text[start:end] for start, end in spans(text, needles)})
        if words:
            listed = _listed(words)
            found.append(Finding("identity", Verdict.LOOK, where, f"The learner shows: {listed}."))
    return found or [
        Finding("identity", Verdict.OK, "Every text", "No name of the learner was found.")
    ]


def addresses(texts: Mapping[str, str], own: AbstractSet[str]) -> list[Finding]:
    """Say where e-mail addresses of other people stand; `own` are the learner's, in small letters.

    The addresses are shortened, so that the record of a check does not spread them further.
    """
    found = []
    for where, text in texts.items():
        others = sorted({one.casefold() for one in ADDRESS.findall(text)} - own)
        if others:
            listed = _listed([_shortened(one) for one in others])
            found.append(
                Finding("third_party", Verdict.LOOK, where, f"Addresses of others: {listed}.")
            )
    return found or [
        Finding("third_party", Verdict.OK, "Every text", "No address of anybody else was found.")
    ]


def is_waiting(findings: Iterable[Finding]) -> bool:
    """Whether something is still being made, so that the check comes again."""
    return any(one.verdict is Verdict.WAIT for one in findings)


def is_green(findings: Iterable[Finding]) -> bool:
    """Whether nothing needs a person's eye."""
    return all(one.verdict is Verdict.OK for one in findings)


def _missing(definition: EditionDefinition, manifest: Mapping[str, Any]) -> list[str]:
    handed_in = [item["requirement"] for item in manifest["items"]]
    claimed = {claim["criterion"] for claim in manifest["claims"]}
    written = {one["key"] for one in manifest["reflections"] if one["text"].strip()}
    agreed = {one["key"] for one in manifest["statements"]}
    return [
        *(
            one.title
            for one in definition.evidence_requirements
            if one.required and handed_in.count(one.key) < one.min_count
        ),
        *(
            f"a work sample for {one.key} {one.name}"
            for one in definition.criteria
            if one.required and one.key not in claimed
        ),
        *(one.title for one in definition.reflections if one.key not in written),
        *(f"agreement to “{one.text}”" for one in definition.statements if one.key not in agreed),
    ]


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(f"“{word}”" for word in words[:LISTED])
    more = len(words) - LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def _shortened(address: str) -> str:
    local, _, host = address.partition("@")
    return f"{local[:1]}…@{host}"
