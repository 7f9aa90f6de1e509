"""Private keys in files: readable by their owner alone, or not used."""

import os
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from credentials.issuing.keys import KeyFileError, generate, load, load_all
from credentials.issuing.multikey import decode_public_key

PHRASE = "correct horse battery staple"


def file_of(folder, key):
    return folder / f"{key.public_multibase}.pem"


def refusal(folder, key, **more):
    with pytest.raises(KeyFileError) as caught:
        load(folder, key.public_multibase, **more)
    return caught.value


@pytest.mark.parametrize("passphrase", [None, PHRASE])
def test_a_key_comes_back_from_its_file_and_signs_what_its_public_half_confirms(
    tmp_path, passphrase
):
    made = generate(tmp_path / "keys", passphrase=passphrase)

    key = load(tmp_path / "keys", made.public_multibase, passphrase=passphrase)

    public = Ed25519PublicKey.from_public_bytes(decode_public_key(key.public_multibase))
    public.verify(key.sign(b"message"), b"message")


def test_the_file_and_its_folder_are_for_their_owner_only_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        key = generate(tmp_path / "keys")
    finally:
        os.umask(before)

    assert stat.S_IMODE(file_of(tmp_path / "keys", key).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) & 0o022 == 0
    assert os.listdir(tmp_path / "keys") == [f"{key.public_multibase}.pem"]


def test_ky1_the_private_half_is_not_in_clear_in_the_file_nor_in_what_is_printed(tmp_path):
    key = generate(tmp_path, passphrase=PHRASE)
    secret = key.private.private_bytes_raw()

    assert b"BEGIN ENCRYPTED PRIVATE KEY" in file_of(tmp_path, key).read_bytes()
    assert repr(key) == f"SigningKey(public_multibase='{key.public_multibase}')"
    assert secret.hex() not in f"{key!r} {key}"


def test_ky1_a_wrong_passphrase_stops_the_start_in_clear_words_without_repeating_it(tmp_path):
    key = generate(tmp_path, passphrase=PHRASE)

    error = refusal(tmp_path, key, passphrase="hunter2")

    assert error.reason == (
        f"{file_of(tmp_path, key)} cannot be opened:"
        " the passphrase is wrong or the file is damaged."
    )
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_a_missing_or_a_needless_passphrase_is_named_as_such(tmp_path):
    encrypted = generate(tmp_path, passphrase=PHRASE)
    plain = generate(tmp_path)

    without = refusal(tmp_path, encrypted).reason
    needless = refusal(tmp_path, plain, passphrase=PHRASE).reason

    assert without.endswith("is encrypted, but no passphrase is set. Correct one of the two.")
    assert needless.endswith("is not encrypted, but a passphrase is set. Correct one of the two.")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_file_that_others_can_open_stops_the_start_and_says_what_to_run(tmp_path, mode):
    key = generate(tmp_path)
    path = file_of(tmp_path, key)
    path.chmod(mode)

    error = refusal(tmp_path, key)

    assert error.reason == f"{path} is open to others. Run: chmod 600 {path}"


def test_a_folder_that_others_can_write_to_stops_the_start(tmp_path):
    key = generate(tmp_path)
    tmp_path.chmod(0o777)

    error = refusal(tmp_path, key)

    assert error.reason == f"Others may write to {tmp_path}. Run: chmod 700 {tmp_path}"


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path):
    key = generate(tmp_path / "real")
    (tmp_path / "keys").mkdir(mode=0o700)
    file_of(tmp_path / "keys", key).symlink_to(file_of(tmp_path / "real", key))

    error = refusal(tmp_path / "keys", key)

    assert "cannot be opened" in error.reason


def test_a_file_that_holds_another_key_than_its_name_says_is_refused(tmp_path):
    one, two = generate(tmp_path), generate(tmp_path)
    file_of(tmp_path, one).write_bytes(file_of(tmp_path, two).read_bytes())

    error = refusal(tmp_path, one)

    assert "holds another key than its name says" in error.reason


def test_a_damaged_file_and_a_key_of_another_kind_are_refused(tmp_path):
    damaged, other = generate(tmp_path), generate(tmp_path)
    file_of(tmp_path, damaged).write_bytes(b"-----BEGIN PRIVATE KEY-----\nnonsense")
    file_of(tmp_path, other).write_bytes(
        generate_private_key(SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )

    assert refusal(tmp_path, damaged).reason.endswith("the file is damaged.")
    assert refusal(tmp_path, other).reason.endswith("a key of another kind than Ed25519.")


def test_a_name_cannot_lead_out_of_the_folder(tmp_path):
    generate(tmp_path)

    with pytest.raises(KeyFileError) as caught:
        load(tmp_path / "keys", "../keys")

    assert "letters and digits only" in caught.value.reason


def test_all_keys_of_a_folder_are_loaded_and_one_bad_one_stops_the_start(tmp_path):
    keys = [generate(tmp_path), generate(tmp_path)]

    assert load_all(tmp_path) == {key.public_multibase: key for key in keys}
    assert load_all(tmp_path / "nowhere") == {}
    file_of(tmp_path, keys[1]).chmod(0o644)
    with pytest.raises(KeyFileError):
        load_all(tmp_path)
