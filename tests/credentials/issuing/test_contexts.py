"""The vocabularies we hold: whole, unchanged, and the only ones."""

import hashlib
import json

from credentials.issuing.jsonld import CONTEXT_FOLDER, contexts

MANIFEST = json.loads((CONTEXT_FOLDER / "manifest.json").read_text("utf-8"))["contexts"]


def definitions(context):
    """Yield every term definition of a context, those of nested contexts included."""
    for term, definition in context.items():
        yield term, definition
        if isinstance(definition, dict) and isinstance(definition.get("@context"), dict):
            yield from definitions(definition["@context"])


def test_each_vendored_context_has_the_bytes_that_the_manifest_names():
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in CONTEXT_FOLDER.iterdir()
        if path.name != "manifest.json"
    }

    assert found == {entry["file"]: entry["sha256"] for entry in MANIFEST}


def test_each_vendored_context_names_its_source_licence_and_attribution():
    wanted = {"file", "url", "source", "licence", "attribution", "sha256"}

    assert [set(entry) for entry in MANIFEST] == [wanted] * len(MANIFEST)
    assert all(text.strip() for entry in MANIFEST for text in entry.values())


def test_no_held_context_defines_a_prefix_or_a_second_name_for_a_keyword():
    second_names = [
        (term, definition)
        for context in contexts().values()
        for term, definition in definitions(context["@context"])
        if term not in ("id", "type", "@protected")
        and isinstance(definition, str)
        and (definition.startswith("@") or definition[-1] in ":/?#[]@")
    ]
    prefixes = [
        term
        for context in contexts().values()
        for term, definition in definitions(context["@context"])
        if isinstance(definition, dict) and "@prefix" in definition
    ]

    assert second_names == []
    assert prefixes == []
