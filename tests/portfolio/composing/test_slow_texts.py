"""A text that takes long to render keeps nobody else from writing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from core import text
from core.runtime import Runtime
from portfolio.composing.models import Reflection
from portfolio.composing.rules import base_of
from tests.factories import Factory

SignIn = Callable[[str], FlaskClient]


def test_ds4_a_text_is_rendered_while_the_database_is_free(
    make: Factory, as_person: SignIn, edge: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = make.person("Ana Lopez")
    portfolio = make.portfolio(ana, make.edition(), is_complete=False)
    client = as_person(ana.id)
    held: list[int] = []
    render = text.render

    def watched(given: str, **how: Any) -> text.Rendered:
        held.append(edge.database.engine.pool.checkedout())  # type: ignore[attr-defined]
        return render(given, **how)

    monkeypatch.setattr(text, "render", watched)
    answer = client.post(
        f"/portfolios/{portfolio.id}/reflections/R1",
        data={"words": "Next time the **remote** guests speak first.", "base": base_of("")},
    )

    (saved,) = make.rows(Reflection, portfolio_id=portfolio.id)
    assert answer.status_code == 303
    assert held == [0], "no connection may be out while a text is rendered"
    assert "<strong>remote</strong>" in saved.html
