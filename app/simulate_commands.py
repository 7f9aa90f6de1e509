"""The commands that simulate; here a year of routing, before a date is promised."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import click

from app.runtime import opened
from app.simulate_decisions import decisions
from app.simulate_parts import Numbers, progress, refuse_unwritable, write
from core.charts import standalone
from core.errors import Invalid, NotFound
from credentials.catalog import queries as catalog
from credentials.catalog.policy_defaults import MOST_HEDGES
from review.assignment import comparison, simulation
from review.assignment.comparison import Compared
from review.assignment.measures import outcome
from review.assignment.observed import Observed, observed
from review.assignment.policies import Policy
from review.assignment.scenarios import USUAL, Scenario, build, made_up

MOST_POLICIES = 12
DEFAULT_LIMIT = 2
USUAL_RATES = "usual rates: 30 % say no, 10 % never answer, 10 % of those who accept never finish"


@dataclass(frozen=True)
class Ground:
    """What is simulated: a pool, the policy it has today, and where the numbers come from."""

    scenario: Scenario
    policy: Policy
    sources: tuple[str, ...]


@click.group()
def simulate() -> None:
    """Try limits, times and rules on made-up work, before you promise anything."""


simulate.add_command(decisions)


@simulate.command()
@click.option("--badge", "slug", help="A badge of this installation: its pool and its rates.")
@click.option("--reviewers", type=click.IntRange(1, 5000), help="How many people may be asked.")
@click.option("--arrivals-per-week", "per_week", type=Numbers(5000), help="Portfolios a week.")
@click.option(
    "--weeks",
    type=click.IntRange(1, 260),
    default=52,
    show_default=True,
    help="How long the simulated time is.",
)
@click.option("--reviews", type=click.IntRange(1, 20), help="Reviews that a portfolio needs.")
@click.option("--limit", "limits", type=Numbers(50, whole=True), help="Open reviews: 1,2,3.")
@click.option("--answer-hours", type=Numbers(1000), help="How long an offer stands: 24,72.")
@click.option("--due-days", type=Numbers(365), help="Time for a review after the yes: 5,7.")
@click.option(
    "--hedges",
    type=click.IntRange(0, MOST_HEDGES),
    help="How many more are asked when a review seems to fail.",
)
@click.option("--seed", type=click.IntRange(0), default=1, help="Another seed, another year.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Draw into a file.")
@click.option("--json", "as_json", is_flag=True, help="Write the figures as JSON.")
def routing(**given: Any) -> None:
    """Simulate a year of arrivals, answers and silences with the router that is used here.

    Name a badge, or give plain numbers with --reviewers and --arrivals-per-week; both together
    try other numbers on a badge's rates. Lists such as --limit 1,2,3 are set side by side.
    """
    refuse_unwritable(given["svg"])
    ground = _ground(given)
    policies = _policies(ground.policy, given)
    try:
        compared = _compare(ground.scenario, policies, given["seed"])
    except Invalid as refused:
        raise click.UsageError(refused.reason) from refused
    if given["svg"]:
        write(given["svg"], standalone(*comparison.charts(compared)))
    click.echo(_as_json(ground, compared) if given["as_json"] else _as_text(ground, compared))


def _ground(given: dict[str, Any]) -> Ground:
    slug, reviewers, per_week = given["slug"], given["reviewers"], given["per_week"]
    if slug is None and (reviewers is None or per_week is None):
        raise click.UsageError("Name a badge, or give --reviewers and --arrivals-per-week.")
    found = _of_badge(slug, given) if slug else _of_numbers(given)
    if not found.scenario.limits:
        raise click.UsageError(f"Nobody may review {slug} now; give --reviewers to try a number.")
    if found.scenario.per_week <= 0:
        raise click.UsageError(
            f"Too little has arrived for {slug} to tell a rate; give --arrivals-per-week."
        )
    return found


def _of_numbers(given: dict[str, Any]) -> Ground:
    (per_week,) = _one(given["per_week"])
    return Ground(
        Scenario([DEFAULT_LIMIT] * given["reviewers"], per_week, given["weeks"]),
        Policy(reviews=given["reviews"] or Policy.reviews),
        (USUAL_RATES,),
    )


def _one(numbers: tuple[float, ...]) -> tuple[float]:
    if len(numbers) != 1:
        raise click.BadParameter("Give one number.", param_hint="--arrivals-per-week")
    return (numbers[0],)


def _of_badge(slug: str, given: dict[str, Any]) -> Ground:
    with opened() as edge, edge.database.transaction(read_only=True) as session:
        try:
            badge, edition = catalog.latest_edition(session, slug)
        except NotFound as error:
            raise click.BadParameter(f"there is no badge “{slug}”", param_hint="--badge") from error
        seen = observed(session, badge.id, at=edge.clock())
        promised = catalog.definition_of(edition).review_policy
    policy = Policy(
        reviews=given["reviews"] or promised.reviewers,
        answer_hours=promised.hours_to_answer,
        due_days=promised.review_days,
        hedges=promised.hedges,
        hedge_after_days=promised.hedge_after_days,
        hedge_risk=promised.hedge_risk,
    )
    sources = seen.sources(reviewers=given["reviewers"], has_rate=given["per_week"] is not None)
    return Ground(_scenario(seen, given), policy, sources)


def _scenario(seen: Observed, given: dict[str, Any]) -> Scenario:
    limits = [DEFAULT_LIMIT] * given["reviewers"] if given["reviewers"] else seen.limits
    per_week = _one(given["per_week"])[0] if given["per_week"] else seen.per_week
    return Scenario(limits, per_week, given["weeks"], seen.behaviour(USUAL))


def _policies(base: Policy, given: dict[str, Any]) -> list[Policy]:
    """Return every combination of what was given, named by what differs."""
    # People who are made up have no limits of their own.
    usual = DEFAULT_LIMIT if given["reviewers"] else None
    limits: Sequence[float | None] = given["limits"] or (usual,)
    hours = given["answer_hours"] or (base.answer_hours,)
    days = given["due_days"] or (base.due_days,)
    if len(limits) * len(hours) * len(days) > MOST_POLICIES:
        raise click.UsageError(f"That is more than {MOST_POLICIES} policies to set side by side.")
    made = []
    for limit, answer, due in product(limits, hours, days):
        words = [f"a limit of {limit:g}" if limit else "their own limits"]
        words += [f"{answer:g} h to answer"] if len(hours) > 1 else []
        words += [f"{due:g} days to review"] if len(days) > 1 else []
        made.append(
            replace(
                base,
                name=", ".join(words),
                limit=int(limit) if limit else None,
                answer_hours=answer,
                due_days=due,
                hedges=base.hedges if given["hedges"] is None else given["hedges"],
            )
        )
    return made


def _compare(scenario: Scenario, policies: Sequence[Policy], seed: int) -> list[Compared]:
    pool = build(scenario, seed=seed)
    compared = []
    with progress(len(policies)) as report:
        for place, policy in enumerate(policies):
            log = simulation.simulate(
                pool, policy, seed=seed, on_progress=report(place, policy.name)
            )
            figures = outcome(pool, log, reviews=policy.reviews)
            a_year = 52 / scenario.weeks
            loads = sorted(log.done[person] * a_year for person in range(log.people))
            days = tuple(hours / 24 for hours in sorted(log.took.values()))
            compared.append(Compared(policy, figures, days, tuple(loads)))
    return compared


def _as_text(ground: Ground, compared: Sequence[Compared]) -> str:
    scenario = ground.scenario
    span = "1 week" if scenario.weeks == 1 else f"{scenario.weeks} weeks"
    lines = [
        f"{len(scenario.limits)} reviewers, {scenario.per_week:.3g} portfolios a week for {span},"
        f" {ground.policy.reviews} reviews each.",
        *(f"  {source}" for source in (*ground.sources, *made_up(scenario))),
        "",
        *comparison.table(compared),
        "",
        *comparison.legend(),
        "",
        *comparison.plot(compared),
        "",
        *(comparison.reading(one) for one in compared),
    ]
    return "\n".join(lines)


def _as_json(ground: Ground, compared: Sequence[Compared]) -> str:
    scenario = ground.scenario
    return json.dumps(
        {
            "reviewers": len(scenario.limits),
            "arrivals_per_week": scenario.per_week,
            "weeks": scenario.weeks,
            "behaviour": asdict(scenario.behaviour),
            "sources": (*ground.sources, *made_up(scenario)),
            "policies": [
                {
                    "policy": asdict(one.policy),
                    "outcome": asdict(one.outcome),
                    "keeps_up": one.keeps_up,
                    "promise_days": one.promise if one.keeps_up else None,
                    "reading": comparison.reading(one),
                }
                for one in compared
            ],
        },
        indent=2,
    )
