"""The command that tries out how decisions are made, before an edition pins it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import click

from app.runtime import opened
from app.simulate_parts import Numbers, progress, refuse_unwritable, write
from core.charts import Chart, Series, chart, standalone
from core.errors import Invalid, NotFound
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition, ReviewPolicy
from review.decision import families
from review.decision.certainty import family_of, wanted_of
from review.decision.consensus.passing import Wanted
from review.decision.record import pass_rule_of
from review.decision.rule import CriterionRule, PassRule
from review.decision.trial_runs import EARLIER, USUAL, Share, Trial, Trials
from review.decision.trial_world import Rubric, Setting, World, draw, learned, usual

MOST_POLICIES = 12
MOST_REVIEWS = 9
LOAD = 10  # reviews that each person has given, as far as the model knows
FEWEST_PEOPLE = 30
MEAN = "mean of three"
ELSEWHERE = "five required criteria of four levels, to be passed at the third"
COLUMNS = {
    "policy": "reviewers first and at most, and the chances between which nothing is sure",
    "reviews": "reviews for each decision",
    "hours": "hours of reviewers for each decision",
    "more": "works for which more people are asked than planned",
    "people": "works that the committee decides",
    "wrong": "wrong among the automatic decisions, and of these:",
    "granted": "granted in error",
    "denied": "denied in error",
}
Band = tuple[float, float]


class Bounds(click.ParamType[Band]):
    """Two chances with a comma between them, the lower one first."""

    name = "deny,grant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Band:
        """Return the two, or say why they are no band."""
        if isinstance(value, tuple):
            return value
        try:
            low, high = (float(word) for word in str(value).split(","))
        except ValueError:
            self.fail(f"“{value}” is not two numbers such as .1,.9.", param, ctx)
        if not 0 <= low < high <= 1:
            self.fail(f"“{value}” must rise, from 0 at least to 1 at most.", param, ctx)
        return low, high


@dataclass(frozen=True)
class Ground:
    """What is tried: a rubric, what passing takes, the policy of today, and whose variance."""

    rubric: Rubric
    wanted: Wanted
    policy: ReviewPolicy
    setting: Setting
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Tried:
    """One policy by its name, and what became of the works under it."""

    name: str
    trial: Trial


@click.command()
@click.argument("badge", required=False)
@click.option("--reviewers", type=Numbers(MOST_REVIEWS, whole=True), help="Asked first: 2,3.")
@click.option("--max-reviews", type=Numbers(MOST_REVIEWS, whole=True), help="At most: 3,5.")
@click.option("--band", "bands", type=Bounds(), multiple=True, help="Not sure between: .1,.9.")
@click.option(
    "--submissions",
    type=click.IntRange(50, 5000),
    default=1000,
    show_default=True,
    help="How many works are decided.",
)
@click.option(
    "--known-reviews",
    type=click.IntRange(0, 6000),
    default=300,
    show_default=True,
    help="How many reviews the model has learned from before.",
)
@click.option("--seed", type=click.IntRange(0), default=1, help="Another seed, other works.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw into a file.")
@click.option("--json", "as_json", is_flag=True, help="Write the figures as JSON.")
def decisions(badge: str | None, **given: Any) -> None:
    """Try how many are asked, and how sure a decision must be, on works whose truth is known.

    With a BADGE, its newest edition's rule and what was learned of its reviewers; else what was
    measured elsewhere. Several numbers, and --band given several times, are set side by side.
    """
    refuse_unwritable(given["svg"])
    ground = _of_badge(badge) if badge else _elsewhere()
    policies = _policies(ground.policy, given)
    trials = Trials(
        _drawn(ground, policies, given),
        ground.wanted,
        earlier=given["known_reviews"] // EARLIER,
    )
    tried = _try(trials, policies)
    minutes = ground.policy.estimated_minutes
    if given["svg"]:
        write(given["svg"], standalone(*_charts(tried)))
    if given["as_json"]:
        click.echo(_as_json(ground, trials, tried))
        return
    click.echo("\n".join(_as_text(ground, trials, tried, minutes)))


def _elsewhere() -> Ground:
    rule = PassRule(tuple(CriterionRule(f"C{number}", 3) for number in range(1, 6)))
    rubric = Rubric(rule, (1, 2, 3, 4))
    wanted = Wanted([2.5] * 5, [True] * 5, [1.0] * 5)
    sources = (f"the rule: {ELSEWHERE}", _unknown())
    return Ground(rubric, wanted, ReviewPolicy(), usual(rubric), sources)


def _of_badge(slug: str) -> Ground:
    with opened() as edge, edge.database.transaction(read_only=True) as session:
        try:
            badge, edition = catalog.latest_edition(session, slug)
        except NotFound as error:
            raise click.BadParameter(f"there is no badge “{slug}”", param_hint="BADGE") from error
        definition = catalog.definition_of(edition)
        fitted = families.newest_fit(session, family_of(badge.id, definition), is_converged=True)
        known, hyper = (0, {}) if fitted is None else (fitted.reviews, fitted.hyper)
    rubric, policy = _rubric_of(definition), definition.review_policy
    rule = f"the rule of {definition.title} {definition.version}"
    if known < max(policy.confidence_from, 1):
        setting, needed = usual(rubric), policy.confidence_from
        whose = f"learned from {known} reviews, which are too few ({needed}); {_unknown()}"
    else:
        setting = learned(hyper, rubric)
        whose = f"its own reviewers' variance, from {known} reviews"
    return Ground(rubric, wanted_of(definition), policy, setting, (rule, whose))


def _rubric_of(definition: EditionDefinition) -> Rubric:
    values = tuple(sorted(level.value for level in definition.levels))
    return Rubric(pass_rule_of(definition), values)


def _unknown() -> str:
    return "the variance of learners who review learners, measured elsewhere"


def _policies(base: ReviewPolicy, given: dict[str, Any]) -> dict[str, ReviewPolicy]:
    """Return every combination of what was given, by a name that tells it apart."""
    firsts = [int(one) for one in given["reviewers"] or (base.reviewers,)]
    mosts = [int(one) for one in given["max_reviews"] or (base.max_reviews,)]
    made = {}
    for first, most, band in product(firsts, mosts, given["bands"] or (None,)):
        if most < first:
            continue
        low, high = band or (base.deny_below, base.grant_above)
        policy = replace(base, reviewers=first, max_reviews=most)
        if band:
            policy = replace(
                policy,
                deny_below=low,
                grant_above=high,
                small_deny_below=low,
                small_grant_above=high,
            )
        made[f"{first} to {most}, {low:g} to {high:g}"] = policy
    if not made:
        raise click.UsageError("At most as many reviews as are asked for first, or more.")
    if min(firsts) < 2:
        raise click.UsageError("The rule wants two reviews at least; give --reviewers from 2 on.")
    if len(made) > MOST_POLICIES:
        raise click.UsageError(f"That is more than {MOST_POLICIES} policies to set side by side.")
    return made


def _drawn(ground: Ground, policies: dict[str, ReviewPolicy], given: dict[str, Any]) -> World:
    seats = max(USUAL, *(policy.max_reviews for policy in policies.values()))
    return draw(
        ground.setting,
        ground.rubric,
        seed=given["seed"],
        submissions=given["known_reviews"] // EARLIER + given["submissions"],
        seats=seats,
        reviewers=max(FEWEST_PEOPLE, given["known_reviews"] // LOAD),
    )


def _try(trials: Trials, policies: dict[str, ReviewPolicy]) -> list[Tried]:
    tried = []
    with progress(len(policies)) as report:
        for place, (name, policy) in enumerate(policies.items()):
            try:
                tried.append(Tried(name, trials.under(policy, report(place, name))))
            except Invalid as refused:
                raise click.UsageError(refused.reason) from refused
    return [*tried, Tried(MEAN, trials.by_mean())]


def _as_text(ground: Ground, trials: Trials, tried: Sequence[Tried], minutes: int) -> list[str]:
    works, share = tried[0].trial.works, trials.passing
    return [
        f"{works} made-up works, of which {share:.0%} should pass;"
        f" {trials.known_reviews} reviews known before.",
        *(f"  {source}" for source in ground.sources),
        "",
        *_table(tried, minutes),
        "",
        *(f"  {name.ljust(8)} {words}" for name, words in COLUMNS.items()),
        "  ±        the standard error of what stands before it",
    ]


def _table(tried: Sequence[Tried], minutes: int) -> list[str]:
    rows = [tuple(COLUMNS), *(_row(one, minutes) for one in tried)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS))]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _row(one: Tried, minutes: int) -> tuple[str, ...]:
    trial = one.trial
    return (
        one.name,
        f"{trial.reviews:.2f}",
        f"{trial.reviews * minutes / 60:.1f}",
        f"{trial.more.value:.0%}",
        _percent(trial.committee),
        _percent(trial.wrong),
        _percent(trial.granted),
        _percent(trial.denied),
    )


def _percent(share: Share) -> str:
    return f"{100 * share.value:.1f} ±{100 * share.error:.1f} %"


def _charts(tried: Sequence[Tried]) -> tuple[Chart, Chart]:
    """Errors, and works for the committee, over reviews for each decision."""
    ordered = sorted(tried, key=lambda one: one.trial.reviews)
    ticks = [f"{one.trial.reviews:.2f}" for one in ordered]
    names = "; ".join(f"{tick}: {one.name}" for tick, one in zip(ticks, ordered, strict=True))

    def series(name: str, of: str) -> Series:
        return Series(name, [100 * getattr(one.trial, of).value for one in ordered])

    errors = chart(
        "Wrong decisions over reviews for each decision",
        ticks,
        bars=[series("granted in error", "granted"), series("denied in error", "denied")],
        unit="% of automatic decisions",
        across="reviews",
        summary=f"Reviews for each decision, by policy: {names}.",
    )
    people = chart(
        "Works that the committee decides, over reviews for each decision",
        ticks,
        bars=[series("the committee", "committee")],
        unit="% of all works",
        across="reviews",
    )
    return errors, people


def _as_json(ground: Ground, trials: Trials, tried: Sequence[Tried]) -> str:
    return json.dumps(
        {
            "sources": ground.sources,
            "setting": asdict(ground.setting),
            "known_reviews": trials.known_reviews,
            "should_pass": trials.passing,
            "policies": [{"policy": one.name, **asdict(one.trial)} for one in tried],
        },
        indent=2,
    )
