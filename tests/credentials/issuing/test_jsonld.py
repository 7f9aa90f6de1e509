"""JSON-LD without a network: canonical texts as published vectors have them."""

import json
from concurrent.futures import ThreadPoolExecutor

import pyoxigraph
import pytest

from credentials.issuing.jsonld import Unsignable, canonicalise, contexts, expand, load_document
from tests.credentials.samples import VECTORS, unsigned

EXAMPLES = {"@vocab": "https://www.w3.org/ns/credentials/examples#"}


def independent(document):
    """Return the canonical text by another implementation, its contexts written inline."""
    inlined = [contexts()[url]["@context"] for url in document["@context"]]
    text = json.dumps({**document, "@context": inlined})
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    lines = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS).decode().splitlines()
    return "".join(f"{line}\n" for line in sorted(lines))


def test_the_canonical_text_is_the_published_one_of_open_badges():
    document = json.loads((VECTORS / "ob3_signed.json").read_text("utf-8"))
    del document["proof"]

    text = canonicalise(document)

    assert text == (VECTORS / "ob3_doc_canon.txt").read_text("utf-8")


def test_the_canonical_text_is_the_published_one_of_the_w3c():
    document = json.loads((VECTORS / "w3c_unsigned.json").read_text("utf-8"))
    document["@context"] = [document["@context"][0], EXAMPLES]

    text = canonicalise(document)

    assert text == (VECTORS / "w3c_canonDocDataInt.txt").read_text("utf-8")


def test_an_independent_implementation_gives_the_same_canonical_text():
    document = unsigned()
    document["name"] = 'Größe "zwei" \\ 漢字 🜚\tand\nlines'

    text = canonicalise(document)

    assert "漢字 🜚\\tand\\nlines" in text
    assert text == independent(document)


def test_no_vocabulary_is_ever_fetched():
    with pytest.raises(Unsignable) as refusal:
        load_document("http://127.0.0.1:9/context.json")

    assert refusal.value.reason == (
        "The vocabulary 'http://127.0.0.1:9/context.json' is not one that is held here."
    )


def test_a_document_with_an_unknown_vocabulary_is_refused_by_its_name():
    document = {"@context": ["https://example.org/own.json"], "id": "https://example.org/1"}

    with pytest.raises(Unsignable) as refusal:
        canonicalise(document)

    assert "https://example.org/own.json" in refusal.value.reason


@pytest.mark.parametrize("name", ["honours", "valid until", ""])
def test_a_member_that_expansion_would_drop_is_not_passed_over(name):
    with pytest.raises(Unsignable):
        expand({**unsigned(), name: "2020"}, base="")


def test_a_document_of_too_many_unnamed_parts_is_refused():
    document = unsigned()
    document["evidence"] = [{"type": ["Evidence"], "name": str(n)} for n in range(1_001)]

    with pytest.raises(Unsignable) as refusal:
        canonicalise(document)

    assert refusal.value.reason == "It has too many unnamed parts."


def test_several_threads_get_the_same_text():
    alone = canonicalise(unsigned())

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: canonicalise(unsigned()), range(8)))

    assert together == [alone] * 8
