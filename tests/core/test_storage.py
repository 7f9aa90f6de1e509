"""Both stores keep the same promises: one suite, run on a folder and on a real S3 server."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import Invalid, Unavailable
from core.storage import Damaged, Entry, Store, Stored, open_store

WORDS = b"Show it at work.\n"
SHA = hashlib.sha256(WORDS).hexdigest()
ABSENT = "0" * 64


@pytest.fixture(
    params=[pytest.param("folder"), pytest.param("s3", marks=pytest.mark.s3)],
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return open_store(str(tmp_path / "store"))
    server = request.getfixturevalue("s3_server")
    return open_store(
        f"s3://{server.new_bucket()}",
        endpoint=server.endpoint,
        region=server.region,
        access_key=server.access_key,
        secret_key=server.secret_key,
    )


def test_what_is_put_comes_back_under_the_name_of_its_content(store: Store) -> None:
    stored = store.put(WORDS)

    assert stored == Stored(SHA, len(WORDS))
    assert store.read(SHA) == WORDS
    assert store.size(SHA) == len(WORDS)
    with store.open(SHA) as file:
        assert file.read() == WORDS


def test_a_stream_of_several_chunks_is_kept_whole(store: Store) -> None:
    content = bytes(range(256)) * 10_000

    stored = store.put(io.BytesIO(content))

    assert stored == Stored(hashlib.sha256(content).hexdigest(), len(content))
    assert store.read(stored.sha256) == content


def test_an_empty_file_is_a_file(store: Store) -> None:
    stored = store.put(b"")

    assert stored.size == 0
    assert store.read(stored.sha256) == b""
    assert store.size(stored.sha256) == 0


def test_putting_the_same_twice_keeps_one(store: Store) -> None:
    first = store.put(WORDS)

    second = store.put(io.BytesIO(WORDS))

    assert first == second
    assert [entry.sha256 for entry in store.listing()] == [SHA]


def test_a_file_past_the_limit_is_refused_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(Invalid, match="larger than") as refused:
        store.put(io.BytesIO(b"x" * 1001), limit=1000)

    assert refused.value.field == "file"
    assert list(store.listing()) == []
    assert store.put(b"x" * 1000, limit=1000).size == 1000


def test_a_part_is_read_from_where_it_starts(store: Store) -> None:
    store.put(WORDS)

    assert store.read_range(SHA, 5, 2) == b"it"
    assert store.read_range(SHA, 0, 4) == b"Show"
    assert store.read_range(SHA, 11, 100) == b"work.\n"
    assert store.read_range(SHA, 400, 10) == b""


def test_what_is_not_there_is_said_to_be_damaged(store: Store) -> None:
    assert store.size(ABSENT) is None
    assert store.modified_at(ABSENT) is None
    for read in (store.open, store.read, lambda sha: store.read_range(sha, 0, 1)):
        with pytest.raises(Damaged):
            read(ABSENT)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", SHA.upper(), SHA + "\n", "é" * 64])
def test_a_name_that_is_no_digest_reaches_no_file(store: Store, name: str) -> None:
    for read in (store.open, store.read, store.size, store.delete):
        with pytest.raises(Damaged):
            read(name)


def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_harm(store: Store) -> None:
    store.put(WORDS)

    store.delete(SHA)
    store.delete(SHA)

    assert store.size(SHA) is None
    assert list(store.listing()) == []


def test_the_listing_names_every_blob_with_its_size_and_time(store: Store) -> None:
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    put = {store.put(str(number).encode() * 10).sha256 for number in range(3)}

    listing = list(store.listing())

    assert {entry.sha256 for entry in listing} == put
    assert {entry.size for entry in listing} == {10}
    end = datetime.now(UTC) + timedelta(seconds=1)  # one store rounds up
    assert all(start <= entry.modified_at <= end for entry in listing)
    assert listing[0] == Entry(listing[0].sha256, 10, store.modified_at(listing[0].sha256) or start)


def test_a_store_that_works_answers_a_ping_and_keeps_nothing_of_it(store: Store) -> None:
    store.ping()

    assert list(store.listing()) == []


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store"))

    store.put(WORDS)

    path = tmp_path / "store" / SHA[:2] / SHA[2:4] / SHA
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_changed_file_is_noticed_and_mended_by_putting_it_again(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    store.put(WORDS)
    (tmp_path / SHA[:2] / SHA[2:4] / SHA).write_bytes(b"Something else.")

    with pytest.raises(Damaged):
        store.read(SHA)
    store.put(WORDS)

    assert store.read(SHA) == WORDS


def test_only_old_pieces_of_interrupted_uploads_are_discarded(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    store.put(WORDS)
    (tmp_path / "unfinished" / "piece").write_bytes(b"half")
    now = datetime.now(UTC)

    assert store.discard_unfinished(now - timedelta(hours=24)) == 0
    assert store.discard_unfinished(now + timedelta(seconds=2)) == 1
    assert list((tmp_path / "unfinished").iterdir()) == []
    assert store.read(SHA) == WORDS


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("This is a file, not a folder.")
    store = open_store(str(tmp_path / "store"))

    with pytest.raises(Unavailable):
        store.put(WORDS)
    with pytest.raises(Unavailable):
        store.ping()
