"""What keeps an edition from being published, and what its author may want to think about.

Errors are rules that the rest of the house relies on (INV-28): a shape as in the schema, one
scale from 1 upwards without gaps, a text for every level of every criterion, a pass level on
the scale, keys that are unique, work from real life among the evidence, and no badge for
having been somewhere. Advice is about wording and never stops anybody.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from core.text import NOT_TEXT
from credentials.catalog.definition import PassRule, ReviewPolicy
from credentials.catalog.schema import Place, Problem, duplicates, problems_of_shape

KEYED = ("criteria", "evidence_requirements", "reflections", "statements")
SEAT_TIME = re.compile(r"\b(attendance|attend(s|ed|ing)?|seat[ -]time|was present)\b", re.I)
NOT_OBSERVABLE = re.compile(
    r"\b(understands?|knows?|appreciates?|is aware of|is familiar with|learns?)\b", re.I
)

Fields = Mapping[str, Any]
Look = Callable[[Fields], Iterator[Problem]]


def errors_in(definition: str | Fields) -> list[Problem]:
    """Return everything that forbids publishing a definition, given as JSON or as its mapping."""
    mapping = json.loads(definition) if isinstance(definition, str) else definition
    shape = [*_unprintable(mapping), *problems_of_shape(mapping)]
    broken = {problem.place[0] for problem in shape if problem.place}
    return [*shape, *_contradictions(mapping, broken)]


def advice_on(definition: Fields) -> list[Problem]:
    """Return what the author of a well-formed definition may want to look at again."""
    of_criteria = [
        advice
        for number, criterion in enumerate(definition["criteria"])
        for advice in _advice(("criteria", number), criterion)
    ]
    return [*of_criteria, *_advice_on_policy(definition.get("review_policy", {}))]


def _unprintable(value: Any, place: Place = ()) -> Iterator[Problem]:
    if isinstance(value, str):
        if NOT_TEXT.search(value):
            yield Problem(place, "This holds a control character. Type it again without it.")
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _unprintable(member, (*place, str(name)))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _unprintable(member, (*place, number))


def _contradictions(mapping: Any, broken: set[str | int]) -> Iterator[Problem]:
    """Yield what does not fit together, wherever the parts are well formed by themselves."""
    for needed, look in LOOKS:
        if isinstance(mapping, Mapping) and needed <= set(mapping) - broken:
            yield from look(mapping)


def _keys_used_twice(name: str) -> Look:
    def look(mapping: Fields) -> Iterator[Problem]:
        keys = [one["key"] for one in mapping[name]]
        for number in duplicates(keys):
            yield Problem((name, number, "key"), f"The key {keys[number]} is used twice.")

    return look


def _faults_of_criteria(mapping: Fields) -> Iterator[Problem]:
    scale = sorted({one["value"] for one in mapping["levels"]})
    for number, criterion in enumerate(mapping["criteria"]):
        yield from _faults_of_criterion(("criteria", number), criterion, scale)


def _faults_of_lengths(mapping: Fields) -> Iterator[Problem]:
    for number, prompt in enumerate(mapping["reflections"]):
        if prompt["min_words"] > prompt["max_words"]:
            yield Problem(("reflections", number, "max_words"), "This is less than min_words.")


def _faults_of_scale(mapping: Fields) -> Iterator[Problem]:
    levels = mapping["levels"]
    values = [one["value"] for one in levels]
    if values != list(range(1, len(values) + 1)):
        yield Problem(("levels",), "The values must be 1, 2, 3 and so on, in this order.")
    for number in duplicates([one["name"] for one in levels]):
        yield Problem(("levels", number, "name"), "Another level has the same name.")


def _faults_of_criterion(place: Place, criterion: Fields, scale: list[int]) -> Iterator[Problem]:
    texts = {int(value) for value in criterion["descriptors"]}
    for value in scale:
        if value not in texts:
            yield Problem((*place, "descriptors"), f"The text for level {value} is missing.")
    for value in sorted(texts - set(scale)):
        reason = f"The scale has no level {value}."
        yield Problem((*place, "descriptors", str(value)), reason, True)
    pass_level = criterion.get("pass_level", 3)
    if pass_level not in scale[1:]:
        where = (*place, "pass_level") if "pass_level" in criterion else place
        yield Problem(
            where, f"The pass level {pass_level} must be on the scale, and not its lowest."
        )
    if SEAT_TIME.search(criterion["name"]):
        yield Problem(
            (*place, "name"),
            "Being there is not a criterion. Make it a prerequisite, and ask here for work.",
        )


def _faults_of_evidence(mapping: Fields) -> Iterator[Problem]:
    requirements = mapping["evidence_requirements"]
    for number, one in enumerate(requirements):
        if one.get("min_count", 1) > one.get("max_count", 3):
            yield Problem(("evidence_requirements", number), "min_count is more than max_count.")
    wanted = [one for one in requirements if one.get("required", True)]
    if not any(one.get("applied_work", True) for one in wanted):
        yield Problem(
            ("evidence_requirements",), "At least one required sample must be applied work."
        )


def _faults_of_rule(mapping: Fields) -> Iterator[Problem]:
    stated = mapping.get("pass_rule", {})
    rule = {**vars(PassRule()), **(stated if isinstance(stated, Mapping) else {})}
    criteria = mapping["criteria"]
    electives = sum(
        not (one.get("required", True) or one.get("must_pass", False)) for one in criteria
    )
    if rule["mode"] == "k_of_electives" and not 0 < (rule["electives_needed"] or 0) <= electives:
        reason = f"electives_needed must be between 1 and the {electives} electives there are."
        yield Problem(("pass_rule",), reason)
    if rule["mode"] == "all_required" and electives == len(criteria):
        yield Problem(("pass_rule",), "No criterion is required, so everything would pass.")
    if rule["mode"] == "weighted_mean" and rule["mean_needed"] is None:
        yield Problem(("pass_rule",), "A weighted mean must say which mean_needed passes.")
    if (rule["distinction_count"] or 0) > len(criteria):
        yield Problem(("pass_rule", "distinction_count"), "There are not so many criteria.")


def _faults_of_policy(mapping: Fields) -> Iterator[Problem]:
    policy = {**vars(ReviewPolicy()), **mapping["review_policy"]}
    if policy["intake_business_days"] >= policy["promise_business_days"]:
        yield Problem(("review_policy",), "Intake alone would take the whole promised time.")
    if not any(policy["fit_weights"].values()):
        place = ("review_policy", "fit_weights")
        yield Problem(place, "At least one weight must be above 0, or nobody fits better.")
    if policy["max_reviews"] < policy["reviewers"]:
        reason = f"This is fewer than the {policy['reviewers']} reviewers who are asked at first."
        yield Problem(("review_policy", "max_reviews"), reason)
    yield from _faults_of_bands(policy)


def _faults_of_bands(policy: Fields) -> Iterator[Problem]:
    """Yield where a work could count as sure to pass and sure not to, at the same time."""
    for prefix in ("", "small_"):
        low, high = f"{prefix}deny_below", f"{prefix}grant_above"
        if policy[low] >= policy[high]:
            yield Problem(("review_policy", low), f"This must be less than {high}.")
    if policy["small_deny_below"] > policy["deny_below"]:
        reason = "With few reviews known this cannot be more than deny_below."
        yield Problem(("review_policy", "small_deny_below"), reason)
    if policy["small_grant_above"] < policy["grant_above"]:
        reason = "With few reviews known this cannot be less than grant_above."
        yield Problem(("review_policy", "small_grant_above"), reason)


def _advice_on_policy(policy: Fields) -> Iterator[Problem]:
    if policy.get("max_reviews", 1) % 2 == 0:
        reason = "An even number of levels can end in a tie; the last of an odd number ends it."
        yield Problem(("review_policy", "max_reviews"), reason)


def _advice(place: Place, criterion: Fields) -> Iterator[Problem]:
    texts = sorted(criterion["descriptors"].items())
    for value, text in texts:
        if NOT_OBSERVABLE.search(text):
            reason = "Name something a reviewer can see in the work, rather than a state of mind."
            yield Problem((*place, "descriptors", str(value)), reason)
    for (low, one), (high, other) in combinations(texts, 2):
        if one.casefold().strip() == other.casefold().strip():
            reason = f"This reads the same as level {low}."
            yield Problem((*place, "descriptors", str(high)), reason)
    if re.search(r"\w+ing\b.*\band\b.*\w+ing\b.*\band\b", criterion["name"]):
        yield Problem((*place, "name"), "This may be two criteria in one.")


# Which well-formed parts of the definition each look needs.
LOOKS: tuple[tuple[set[str], Look], ...] = (
    ({"levels"}, _faults_of_scale),
    *((({name}), _keys_used_twice(name)) for name in KEYED),
    ({"levels", "criteria"}, _faults_of_criteria),
    ({"evidence_requirements"}, _faults_of_evidence),
    ({"reflections"}, _faults_of_lengths),
    ({"criteria"}, _faults_of_rule),
    ({"review_policy"}, _faults_of_policy),
)
