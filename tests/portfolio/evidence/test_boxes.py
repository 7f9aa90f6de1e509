"""The boxes of a film are all found, also behind one that makes no sense."""

from io import BytesIO

from portfolio.evidence.boxes import telling


def box(kind: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def test_br1_what_tells_is_found_behind_a_part_that_makes_no_sense() -> None:
    padded = box(b"trak", box(b"tkhd", bytes(20)) + bytes(4))
    film = box(b"ftyp", b"isom") + box(b"moov", padded + box(b"udta", b"Zelda Quuxworth"))

    found = telling(BytesIO(film), len(film))

    assert [film[one.body : one.end] for one in found] == [b"Zelda Quuxworth"]
