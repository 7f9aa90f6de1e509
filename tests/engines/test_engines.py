"""The engines are what they claim to be: real servers that refuse what they must refuse."""

import base64
import hashlib
import urllib.error
import urllib.request

import psycopg
import pytest
from botocore.exceptions import ClientError

from tests.engines.postgres import PostgresServer, running_postgres
from tests.engines.swift import S3Server


def libpq(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def put(url: str, body: bytes, **headers: str) -> int:
    request = urllib.request.Request(url, data=body, method="PUT", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


def test_each_database_of_the_server_is_empty_and_apart(postgres_server: PostgresServer) -> None:
    first, second = postgres_server.new_database(), postgres_server.new_database()

    with psycopg.connect(libpq(first)) as connection:
        connection.execute("CREATE TABLE only_here (n int)")
    with psycopg.connect(libpq(second)) as connection:
        found = connection.execute("SELECT to_regclass('only_here')").fetchone()

    assert found == (None,)


def test_a_database_can_be_copied_from_a_prepared_one(postgres_server: PostgresServer) -> None:
    prepared = postgres_server.new_database()
    with psycopg.connect(libpq(prepared)) as connection:
        connection.execute("CREATE TABLE stamp AS SELECT 7 AS n")

    copy = postgres_server.new_database(template=prepared.rsplit("/", 1)[1])

    with psycopg.connect(libpq(copy)) as connection:
        assert connection.execute("SELECT n FROM stamp").fetchall() == [(7,)]


def test_a_given_server_is_used_and_left_as_it_was(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = postgres_server.url.render_as_string(hide_password=False)
    monkeypatch.setenv("ASSAY_TEST_POSTGRES_URL", address)

    with running_postgres() as given:
        made = given.new_database().rsplit("/", 1)[1]

    with psycopg.connect(libpq(address)) as connection:
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert given.url.port == postgres_server.url.port
    assert (made,) not in names


def test_the_store_gives_back_what_was_put(s3_server: S3Server) -> None:
    client = s3_server.client()

    client.put_object(Bucket=s3_server.bucket, Key="a/b c.txt", Body=b"ink")
    body = client.get_object(Bucket=s3_server.bucket, Key="a/b c.txt")["Body"].read()

    assert body == b"ink"


def test_the_store_refuses_a_signed_upload_of_another_type(s3_server: S3Server) -> None:
    url = s3_server.client().generate_presigned_url(
        "put_object",
        Params={"Bucket": s3_server.bucket, "Key": "signed", "ContentType": "image/png"},
        ExpiresIn=60,
    )

    answers = [put(url, b"x", **{"Content-Type": kind}) for kind in ("text/html", "image/png")]

    assert answers == [403, 200]


def test_the_store_refuses_bytes_that_do_not_match_their_checksum(s3_server: S3Server) -> None:
    wrong = base64.b64encode(hashlib.sha256(b"other").digest()).decode()

    with pytest.raises(ClientError) as refusal:
        s3_server.client().put_object(
            Bucket=s3_server.bucket, Key="sum", Body=b"ink", ChecksumSHA256=wrong
        )

    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_the_store_never_overwrites_when_told_not_to(s3_server: S3Server) -> None:
    client, bucket = s3_server.client(), s3_server.new_bucket()
    client.put_object(Bucket=bucket, Key="once", Body=b"first", IfNoneMatch="*")

    with pytest.raises(ClientError) as refusal:
        client.put_object(Bucket=bucket, Key="once", Body=b"second", IfNoneMatch="*")

    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    assert client.get_object(Bucket=bucket, Key="once")["Body"].read() == b"first"
