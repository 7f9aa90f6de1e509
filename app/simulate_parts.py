"""What the commands that simulate share: lists of numbers, files that are written, progress."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import Any

import click

Listening = Callable[[int, str], Callable[[float], None]]


class Numbers(click.ParamType[tuple[float, ...]]):
    """Numbers with commas between them, each above zero and none beyond the highest."""

    name = "numbers"

    def __init__(self, highest: float, *, whole: bool = False) -> None:
        self.highest, self.whole = highest, whole

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        """Return the numbers, or say which one cannot be."""
        if isinstance(value, tuple):
            return value
        return tuple(self._number(word.strip(), param, ctx) for word in str(value).split(","))

    def _number(self, word: str, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            number = float(word)
        except ValueError:
            self.fail(f"“{word}” is not a number.", param, ctx)
        if not isfinite(number) or not 0 < number <= self.highest:
            self.fail(f"{word} is not above 0 and at most {self.highest:g}.", param, ctx)
        if self.whole and number != int(number):
            self.fail(f"{word} is not a whole number.", param, ctx)
        return number


def refuse_unwritable(path: Path | None) -> None:
    """Raise a usage error where the file of `--svg` cannot be written, before all the work."""
    if path is None:
        return
    place = path if path.exists() else path.absolute().parent
    if not os.access(place, os.W_OK):
        raise click.BadParameter(f"“{path}” cannot be written.", param_hint="--svg")


def write(path: Path, text: str) -> None:
    """Write the file of `--svg`."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.BadParameter(
            f"“{path}” cannot be written: {error.strerror}.", param_hint="--svg"
        ) from error


@contextmanager
def progress(total: int) -> Iterator[Listening]:
    """Yield what makes a listener for one policy: a bar on a terminal, else a line for each."""
    stream = sys.stderr
    if not stream.isatty():

        def line(place: int, name: str) -> Callable[[float], None]:
            click.echo(f"Simulating {name} ({place + 1} of {total}) ...", err=True)
            return lambda _share: None

        yield line
        return
    with click.progressbar(length=total * 100, label="Simulating", file=stream) as bar:

        def listen(place: int, _name: str) -> Callable[[float], None]:
            def advance(share: float) -> None:
                steps = int(100 * (place + share)) - bar.pos
                if steps > 0:
                    bar.update(steps)

            return advance

        yield listen
