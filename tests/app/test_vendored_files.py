"""What others made and we ship is what they released, with its licence beside it."""

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = json.loads((ROOT / "app" / "static" / "vendor.json").read_text())
LISTED = {
    name: digest for package in MANIFEST["packages"] for name, digest in package["files"].items()
}


def test_every_borrowed_file_is_byte_for_byte_what_was_released() -> None:
    found = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in LISTED}

    assert found == LISTED


def test_no_font_is_shipped_that_the_manifest_does_not_name() -> None:
    folders = (ROOT / "app" / "static" / "fonts", ROOT / "credentials" / "issuing" / "fonts")
    shipped = {path.relative_to(ROOT).as_posix() for folder in folders for path in folder.iterdir()}

    assert shipped == set(LISTED)


def test_every_package_has_a_version_a_licence_and_its_text() -> None:
    for package in MANIFEST["packages"]:
        texts = [name for name in package["files"] if Path(name).name.startswith("LICENSE")]

        assert package["version"], package["package"]
        assert package["licence"] == "OFL-1.1", package["package"]
        assert len(texts) == 1, package["package"]
        assert "SIL Open Font License" in (ROOT / texts[0]).read_text()


def test_every_font_that_the_stylesheet_names_is_there() -> None:
    sheet = ROOT / "app" / "static" / "css" / "fonts.css"
    named = [line.split('"')[1] for line in sheet.read_text().splitlines() if "url(" in line]

    assert len(named) == 8
    assert [name for name in named if not (sheet.parent / name).resolve().is_file()] == []
