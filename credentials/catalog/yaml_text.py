"""Untrusted YAML to plain values, each with the line it stands on, and nothing executed.

Refused: more than a megabyte, several documents, anchors and aliases (a bomb needs them), tags,
deep nesting, a name twice in one mapping, and whatever YAML would turn into something other than
text, a number, true, false or nothing.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from core.errors import Invalid
from credentials.catalog.schema import Place

LARGEST = 1024 * 1024
MOST_NODES = 20_000
DEEPEST = 12
NUMBER = re.compile(r"-?\d+")
TAG = "tag:yaml.org,2002:"


class NotYaml(Invalid):
    """The text cannot be read at all; `line` says where, when there is a place to blame."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


@dataclass
class Marked:
    """A plain value, the line of each part (of its name and of its value), and early faults."""

    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    name_lines: dict[Place, int] = field(default_factory=dict)
    faults: list[tuple[int, Place, str]] = field(default_factory=list)


def load(content: bytes) -> Marked:
    """Return the values of one YAML document; raise NotYaml when it is none, or a trap."""
    if len(content) > LARGEST:
        raise NotYaml("The file is larger than 1 MB, which no badge needs.")
    try:
        text = content.decode("utf-8-sig")
        _refuse_traps(text)
        node = yaml.compose(text, yaml.SafeLoader)
    except UnicodeDecodeError:
        raise NotYaml("The file is not text in UTF-8.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise NotYaml(_words(error), mark.line + 1 if mark else None) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise NotYaml("There is a character that no text should hold.", line) from None
    if node is None:
        raise NotYaml("The file is empty.")
    marked = Marked()
    marked.value = _value(node, (), marked)
    return marked


def _refuse_traps(text: str) -> None:
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, yaml.SafeLoader)):
        line = _line(event)
        if getattr(event, "anchor", None) is not None:
            raise NotYaml("Anchors and aliases are not used here. Write the text out.", line)
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None:
            raise NotYaml("Tags, written with an exclamation mark, are not used here.", line)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > DEEPEST or count > MOST_NODES:
            raise NotYaml("There is more, or deeper nested, content than any badge has.", line)
        if documents > 1:
            raise NotYaml("There is a second document. One file holds one edition.", line)


def _line(at: yaml.Event | yaml.Node) -> int:
    return int(at.start_mark.line) + 1 if at.start_mark else 1


def _value(node: yaml.Node, place: Place, marked: Marked) -> Any:
    marked.lines[place] = _line(node)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, marked)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*place, number), marked) for number, one in enumerate(node.value)]
    if not isinstance(node, yaml.ScalarNode):
        raise TypeError("YAML has mappings, lists and scalars only")
    return _scalar(node, place, marked)


def _mapping(node: yaml.MappingNode, place: Place, marked: Marked) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name_node, value_node in node.value:
        line = _line(name_node)
        if not isinstance(name_node, yaml.ScalarNode):
            marked.faults.append((line, place, "A field's name must be a plain word."))
            continue
        name = str(name_node.value)
        here = (*place, name)
        if name in members:
            marked.faults.append((line, here, "This field stands here twice."))
            continue
        marked.name_lines[here] = line
        members[name] = _value(value_node, here, marked)
        if not isinstance(value_node, yaml.ScalarNode):
            marked.lines[here] = line
    return members


def _scalar(node: yaml.ScalarNode, place: Place, marked: Marked) -> Any:
    text, kind = str(node.value), node.tag.removeprefix(TAG)
    if kind == "str":
        return text
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "int" and NUMBER.fullmatch(text) and len(text) < 10:
        return int(text)
    if kind == "float" and re.fullmatch(r"-?\d{1,9}\.\d{1,9}", text):
        return float(text)
    marked.faults.append(
        (_line(node), place, f"YAML may read {text[:40]!r} in other ways. Quote it.")
    )
    return text


def _words(error: yaml.MarkedYAMLError) -> str:
    said = " ".join(part for part in (error.context, error.problem) if part)
    return f"This is not well-formed YAML: {said[:200]}."
