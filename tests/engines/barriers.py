"""What axe finds wrong with a page by the rules of WCAG 2.2, levels A and AA."""

import json
from dataclasses import dataclass

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What passed is counted by rule; to name each element of it takes axe longer than the rules do.
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
RUN = f"""
() => axe.run({json.dumps(OPTIONS)}).then(({{ passes, violations }}) => ({{
  passed: passes.length,
  found: violations.flatMap(({{ id, nodes }}) => nodes.map((node) =>
    [id, node.target.join(" "), node.html.slice(0, 120), node.failureSummary.slice(0, 300)]
      .join(": "))),
}}))
"""


@dataclass(frozen=True)
class Barriers:
    """A line for each barrier with its rule, place and reason, and how many rules passed."""

    found: list[str]
    passed: int


def barriers(page: Page) -> Barriers:
    """Have axe look at a page as it stands."""
    page.evaluate(AXE_SCRIPT)
    return Barriers(**page.evaluate(RUN))
