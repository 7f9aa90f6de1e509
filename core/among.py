"""One bound value for a list of ids of any length.

`column.in_(ids)` binds each id by itself: a statement of 1,500 ids is compiled, rewritten and
planned anew each time, which costs more than running it. Here the ids are one array on PostgreSQL
and one JSON text on SQLite, so that the statement is the same however many there are.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import JSON, Boolean, TypeDecorator, TypeEngine


class _Ids(TypeDecorator[list[str]]):
    """A list of ids: an array where the database has them, JSON elsewhere."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = ARRAY(String()) if dialect.name == "postgresql" else JSON()
        return dialect.type_descriptor(kind)


class _Among(FunctionElement[bool]):
    """Whether a column is one of the ids."""

    type = Boolean()
    inherit_cache = True


@compiles(_Among)
def _in_json(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, ids = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - the ids are bound


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, ids = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} = ANY ({ids})"


def among(column: InstrumentedAttribute[Any], ids: Iterable[str]) -> _Among:
    """Return the condition that a text column is one of some ids, none of which may be None."""
    return _Among(column, bindparam(None, sorted(set(ids)), type_=_Ids()))
