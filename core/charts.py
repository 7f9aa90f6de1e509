"""Draws charts as SVG: inside a page, styled by its style sheet, or as a file of its own.

`chart` and `histogram` lay numbers out, `drawing` is the picture for a page (the macro
`ui.chart` puts the numbers as a table below it), and `standalone` is a whole SVG document.
Nothing here carries a style attribute, which the pages' content security policy would refuse.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from core.chart_layout import chart, histogram
from core.chart_points import forest, spots
from core.chart_shapes import Chart, Label, Limit, Path, Series, Spot, number

__all__ = [
    "Chart",
    "Limit",
    "Series",
    "Spot",
    "chart",
    "drawing",
    "forest",
    "histogram",
    "key_mark",
    "number",
    "spots",
    "standalone",
]

NOTHING = "There is nothing to show yet."
SIZE = (760, 420)
PLOT = (24, 92, 712, 268)  # x, y, width, height of the drawing within a file
KEY_GAP = 34
LETTER = 7.4  # mean width of a letter in a file's key
STYLE = """
.chart-ground { fill: #fcf9f2; }
text { font: 14px "Source Sans 3", "Segoe UI", Roboto, "Helvetica Neue", sans-serif; fill: #5a4f42;
  font-variant-numeric: tabular-nums; }
.chart-title { font: 21px Baskervville, Georgia, serif; fill: #211b14; }
.chart-rule, .chart-base, .chart-limit, .chart-mark, .chart-line, .chart-box
  { vector-effect: non-scaling-stroke; fill: none; }
.chart-rule { stroke: #d8cdb9; }
.chart-base { stroke: #211b14; }
.chart-limit, .chart-mark { stroke: #211b14; stroke-dasharray: 2 4; }
.chart-tick { paint-order: stroke; stroke: #fcf9f2; stroke-width: 4; }
.chart-words, .chart-name { fill: #211b14; paint-order: stroke; stroke: #fcf9f2; stroke-width: 4; }
.chart-line { stroke: #211b14; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.chart-line.is-0 { stroke: #1d6557; stroke-width: 2.5; }
.chart-line.is-1 { stroke-dasharray: 8 5; }
.chart-line.is-2 { stroke-dasharray: 2 5; }
.chart-line.is-3 { stroke-dasharray: 12 4 2 4; }
.chart-line.is-4 { stroke-width: 1; }
.chart-line.is-5 { stroke-dasharray: 16 6; stroke-width: 1; }
.chart-name.is-0 { fill: #1d6557; font-weight: 600; }
.chart-span { stroke: #211b14; stroke-width: 1.25; vector-effect: non-scaling-stroke; }
.chart-dot { stroke: #211b14; stroke-width: 7; stroke-linecap: round;
  vector-effect: non-scaling-stroke; }
.chart-span.is-0, .chart-dot.is-0 { stroke: #1d6557; }
.chart-dot.is-2 { stroke: #5a4f42; stroke-linecap: butt; }
.chart-box { fill: #ece4d4; stroke: #8b7e6b; }
.chart-box.is-0 { fill: #1d6557; stroke: #1d6557; }
.chart-box.is-2 { fill: #fcf9f2; stroke: #211b14; stroke-dasharray: 3 3; }
.chart-box.is-3 { fill: #5a4f42; stroke: #5a4f42; }
.chart-box.is-4 { fill: #fcf9f2; stroke: #211b14; }
.chart-box.is-5 { fill: #d8cdb9; stroke: #211b14; }
"""


def drawing(chart: Chart) -> str:
    """Return a chart as an `<svg>` element that takes its size from the page."""
    name = "chart-drawing is-empty" if chart.is_empty else "chart-drawing"
    tall = ""
    if chart.height and not chart.is_empty:
        name, tall = "chart-drawing is-rows", f' height="{chart.height}"'
    return (
        f'<svg class="{name}" role="img"{tall}><title>{escape(chart.title)}</title>'
        f"<desc>{escape(chart.summary or NOTHING)}</desc>{_inside(chart)}</svg>"
    )


def key_mark(kind: int) -> str:
    """Return a small sample of how the bars of a kind are drawn; their name stands beside it."""
    return (
        '<svg class="chart-key-mark" viewBox="0 0 14 14" aria-hidden="true">'
        f'<rect class="chart-box is-{kind}" x="1" y="1" width="12" height="12"/></svg>'
    )


def standalone(*charts: Chart) -> str:
    """Return charts, one below the other, as an SVG document that needs no style sheet."""
    width, height = SIZE
    tall = height * len(charts)
    titles = "; ".join(escape(one.title) for one in charts)
    words = " ".join(escape(one.summary or NOTHING) for one in charts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{tall}"'
        f' viewBox="0 0 {width} {tall}" role="img">\n<title>{titles}</title>\n'
        f"<desc>{words}</desc>\n<style>{STYLE}</style>\n"
        f'<rect class="chart-ground" width="{width}" height="{tall}"/>\n'
        f"{''.join(_panel(one, place * height) for place, one in enumerate(charts))}</svg>\n"
    )


def _panel(chart: Chart, down: int) -> str:
    left, top, inner, tall = PLOT
    return (
        f'<g transform="translate(0 {down})">'
        f'<text class="chart-title" x="{left}" y="36">{escape(chart.title)}</text>\n'
        f"{_key(chart)}"
        f'<svg x="{left}" y="{top}" width="{inner}" height="{tall}" overflow="visible">'
        f"{_inside(chart)}</svg></g>\n"
    )


def _key(chart: Chart) -> str:
    left, made = float(PLOT[0]), []
    for kind, name in chart.key:
        made.append(
            f'<rect class="chart-box is-{kind}" x="{left:.0f}" y="52" width="12" height="12"/>'
            f'<text x="{left + 18:.0f}" y="63">{escape(name)}</text>\n'
        )
        left += KEY_GAP + LETTER * len(name)
    if chart.unit:
        made.append(f'<text x="{left:.0f}" y="63">in {escape(chart.unit)}</text>\n')
    return "".join(made)


def _inside(chart: Chart) -> str:
    if chart.is_empty:
        return f'<text class="chart-words" x="50%" y="50%" text-anchor="middle">{NOTHING}</text>'
    return (
        '<svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none"'
        f' overflow="visible">{"".join(_shapes(chart))}</svg>{"".join(_words(chart))}'
    )


def _shapes(chart: Chart) -> Iterator[str]:
    for rule in chart.rules:
        name = "chart-base" if rule.y == chart.rules[0].y else "chart-rule"
        yield f'<path class="{name}" d="M0 {rule.y}H100"/>'
    for box in chart.boxes:
        yield (
            f'<rect class="chart-box is-{box.kind}" x="{box.x}" y="{box.y}"'
            f' width="{box.width}" height="{box.height}"/>'
        )
    if chart.limit:
        yield f'<path class="chart-limit" d="M0 {chart.limit.y}H100"/>'
    if chart.mark:
        yield f'<path class="chart-mark" d="M{chart.mark.x} 0V100"/>'
    for upright in chart.uprights:
        yield f'<path class="chart-rule" d="M{upright.x} 0V100"/>'
    for path in chart.paths:
        yield _mark("line", path)
    yield from (_mark("span", path) for path in chart.spans)
    yield from (_mark("dot", path) for path in chart.dots)


def _mark(name: str, path: Path) -> str:
    return f'<polyline class="chart-{name} is-{path.kind}" points={quoteattr(path.points)}/>'


def _words(chart: Chart) -> Iterator[str]:
    is_at_foot = bool(chart.rules) and chart.rules[0].text == "0"
    for rule in chart.rules[1:] if is_at_foot else chart.rules:
        yield _text(rule, "chart-tick", dy="-0.3em")
    for line in chart.lines:
        yield _text(line, "chart-words", dy="0")
    for tick in (*chart.below, *chart.uprights):
        yield _text(tick, "chart-tick", dy="1.4em")
    if chart.limit:
        yield _text(chart.limit, "chart-words", dy="-0.4em")
    if chart.mark:
        dx = "-0.4em" if chart.mark.anchor == "end" else "0.4em"
        yield _text(chart.mark, "chart-words", dy="1em", dx=dx)
    for name in chart.names:
        yield _text(name, f"chart-name is-{name.kind}", dy="-0.5em")


def _text(label: Label, kind: str, *, dy: str, dx: str = "0") -> str:
    return (
        f'<text class="{kind}" x="{label.x}%" y="{label.y}%" dx="{dx}" dy="{dy}"'
        f' text-anchor="{label.anchor}">{escape(label.text)}</text>'
    )
