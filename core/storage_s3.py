"""The store in an S3-compatible bucket, by the few operations that every such store has.

Per-read timeouts do not stop an answer that drips, so each call runs under a total deadline.
An answer cut short can look complete, so length and SHA-256 are checked after each read.
"""

import base64
import hashlib
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any, BinaryIO, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from core.errors import Unavailable
from core.ids import new_id
from core.stored import CHUNK, SHA256, Damaged, Entry, Stored, checked, too_large

T = TypeVar("T")

SECONDS = 10.0
BYTES_PER_SECOND = 1024 * 1024
IN_MEMORY = 8 * 1024 * 1024
READ = 64 * 1024
# A blob this old is written again when it is put again, so that no sweep takes it meanwhile.
FRESH = timedelta(hours=1)
ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
THERE_ALREADY = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict", "409"})
OPTIONS = Config(
    connect_timeout=2,
    read_timeout=3,
    retries={"total_max_attempts": 2, "mode": "standard"},
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    max_pool_connections=20,
)


class S3Store:
    """A store whose blobs are the objects `abcd/abcd…` of one bucket."""

    def __init__(
        self,
        bucket: str,
        *,
        endpoint: str = "",
        region: str = "us-east-1",
        access_key: str = "",
        secret_key: str = "",
        seconds: float = SECONDS,
    ) -> None:
        self.bucket = bucket
        self.seconds = seconds
        self._client = boto3.client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=region,
            aws_access_key_id=access_key or None,
            aws_secret_access_key=secret_key or None,
            config=OPTIONS,
        )

    def put(self, source: BinaryIO | bytes, *, limit: int | None = None) -> Stored:
        """Keep the bytes for good, after a copy on this host has given them their name."""
        stream = BytesIO(source) if isinstance(source, bytes) else source
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            stored, md5 = _measure(stream, file, limit)
            found = self._head(stored.sha256)
            if _is_fresh(found, stored.size):
                return stored
            file.seek(0)
            self._send(stored, file, md5, is_new=found is None)
        if self.size(stored.sha256) != stored.size:
            raise _unavailable()
        return stored

    def _send(self, stored: Stored, file: Any, md5: str, *, is_new: bool) -> None:
        options = {"IfNoneMatch": "*"} if is_new else {}

        def send(_cancelled: threading.Event) -> None:
            self._client.put_object(
                Bucket=self.bucket,
                Key=_key(stored.sha256),
                Body=file,
                ContentLength=stored.size,
                ContentMD5=md5,
                ContentType="application/octet-stream",
                **options,
            )

        try:
            self._call(send, size=stored.size)
        except ClientError as error:
            if not is_new or _code(error) not in THERE_ALREADY:
                raise _unavailable() from error

    def open(self, sha256: str) -> BinaryIO:
        """Return the blob, fetched whole and checked, as a file on this host."""
        size = self.size(sha256)
        if size is None:
            raise Damaged(sha256)

        def fetch(cancelled: threading.Event) -> BinaryIO:
            # It is the caller who closes it.
            file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - returned
            try:
                digest = hashlib.sha256()
                for chunk in self._chunks(sha256, cancelled):
                    digest.update(chunk)
                    file.write(chunk)
                if file.tell() != size or digest.hexdigest() != sha256:
                    raise Damaged(sha256)
                file.seek(0)
            except BaseException:
                file.close()
                raise
            return file  # type: ignore[return-value]

        return self._fetch(sha256, fetch, size=size)

    def read(self, sha256: str) -> bytes:
        """Return the blob, its length and SHA-256 checked."""
        with self.open(sha256) as file:
            return file.read()

    def read_range(self, sha256: str, start: int, length: int) -> bytes:
        """Return a part of the blob, its length checked."""
        size = self.size(sha256)
        if size is None:
            raise Damaged(sha256)
        length = min(length, size - start)
        if length <= 0:
            return b""

        def fetch(cancelled: threading.Event) -> bytes:
            wanted = f"bytes={start}-{start + length - 1}"
            content = b"".join(self._chunks(sha256, cancelled, Range=wanted))
            if len(content) != length:
                raise Damaged(sha256)
            return content

        return self._fetch(sha256, fetch, size=length)

    def _fetch(self, sha256: str, fetch: Callable[[threading.Event], T], *, size: int) -> T:
        try:
            return self._call(fetch, size=size)
        except ClientError as error:
            if _code(error) in ABSENT:
                raise Damaged(sha256) from error
            raise _unavailable() from error

    def _chunks(self, sha256: str, cancelled: threading.Event, **options: Any) -> Iterator[bytes]:
        body = self._client.get_object(Bucket=self.bucket, Key=_key(sha256), **options)["Body"]
        try:
            while not cancelled.is_set() and (chunk := body.read(READ)):
                yield chunk
        finally:
            body.close()

    def size(self, sha256: str) -> int | None:
        """Return the blob's length, or None."""
        found = self._head(checked(sha256))
        return None if found is None else int(found["ContentLength"])

    def modified_at(self, sha256: str) -> datetime | None:
        """Return when the blob was last put, or None."""
        found = self._head(checked(sha256))
        return None if found is None else found["LastModified"].astimezone(UTC)

    def _head(self, sha256: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._call(
                lambda _cancelled: self._client.head_object(Bucket=self.bucket, Key=_key(sha256))
            )
        except ClientError as error:
            if _code(error) in ABSENT:
                return None
            raise _unavailable() from error
        return found

    def delete(self, sha256: str) -> None:
        """Remove the blob's object."""
        self._ask(
            lambda _cancelled: self._client.delete_object(Bucket=self.bucket, Key=_key(sha256))
        )

    def listing(self) -> Iterator[Entry]:
        """Yield every blob, a page of names at a time."""
        more: dict[str, str] = {}
        while True:
            page = self._ask(
                lambda _cancelled, more=more: self._client.list_objects_v2(
                    Bucket=self.bucket, **more
                )
            )
            for found in page.get("Contents", []):
                name = found["Key"].rpartition("/")[2]
                if SHA256.fullmatch(name):
                    yield Entry(name, found["Size"], found["LastModified"].astimezone(UTC))
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def discard_unfinished(self, before: datetime) -> int:  # noqa: ARG002 - the protocol's
        """Find nothing: an object appears whole or not at all."""
        return 0

    def ping(self) -> None:
        """Write, read and remove a probe."""
        place = {"Bucket": self.bucket, "Key": f"probe/{new_id()}"}

        def probe(_cancelled: threading.Event) -> bool:
            self._client.put_object(**place, Body=b"probe")
            content = self._client.get_object(**place)["Body"].read()
            self._client.delete_object(**place)
            return bool(content == b"probe")

        if not self._ask(probe):
            raise _unavailable()

    def _ask(self, call: Callable[..., T]) -> T:
        try:
            return self._call(call)
        except ClientError as error:
            raise _unavailable() from error

    def _call(self, call: Callable[[threading.Event], T], *, size: int = 0) -> T:
        """Return what `call` returns, or raise Unavailable when its time is up.

        The time allows for `size` bytes at a megabyte a second. A call that is given up runs
        out in a thread that keeps nobody waiting, and is told so by the event it gets.
        """
        cancelled, answer = threading.Event(), Future[T]()

        def run() -> None:
            try:
                answer.set_result(call(cancelled))
            except BaseException as error:
                answer.set_exception(error)

        threading.Thread(target=run, daemon=True).start()
        try:
            return answer.result(self.seconds + size / BYTES_PER_SECOND)
        except (BotoCoreError, TimeoutError) as error:
            cancelled.set()
            raise _unavailable() from error


def _key(sha256: str) -> str:
    return f"{checked(sha256)[:4]}/{sha256}"


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _is_fresh(found: dict[str, Any] | None, size: int) -> bool:
    """Whether an object is there, whole, and too young for any sweep."""
    if found is None or found["ContentLength"] != size:
        return False
    return bool(datetime.now(UTC) - found["LastModified"] < FRESH)


def _measure(source: BinaryIO, target: Any, limit: int | None) -> tuple[Stored, str]:
    """Copy a stream, and return what it was with its MD5 as the store wants to hear it."""
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if limit is not None and size > limit:
            raise too_large(limit)
        sha256.update(chunk)
        md5.update(chunk)
        target.write(chunk)
    return Stored(sha256.hexdigest(), size), base64.b64encode(md5.digest()).decode("ascii")


def _unavailable() -> Unavailable:
    return Unavailable("Files cannot be stored or read just now. Nothing was changed; try again.")
