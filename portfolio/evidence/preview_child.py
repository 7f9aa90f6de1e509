"""The program that opens one uploaded file, with little memory, little time and no secrets.

Run as `python -m portfolio.evidence.preview_child MEDIA_TYPE FILE FOLDER`; it leaves an index
and the renditions in the folder. `previews` starts it and reads them.
"""

import resource
import sys
from importlib import import_module
from pathlib import Path

from portfolio.evidence import kinds
from portfolio.evidence.preview_parts import NoPreview, Parts
from portfolio.evidence.states import PreviewState

MIB = 1024 * 1024
CPU_SECONDS = 10
MEMORY = 512 * MIB
LARGEST_FILE = 2048 * MIB
OPEN_FILES = 64
UNREADABLE = "This file could not be read, so there is no preview of it."
TOO_MUCH = "Showing this file would take more memory than is given to one file."
OPEN_ONLY = "open-only"

# Named, not imported: each brings libraries that take long to load, and one file needs one.
MAKERS = {
    kinds.PDF.media_type: "preview_pages.make",
    kinds.DOCX.media_type: "preview_documents.make_document",
    kinds.PPTX.media_type: "preview_documents.make_slides",
    kinds.XLSX.media_type: "preview_sheets.make",
    kinds.PNG.media_type: "preview_pictures.make",
    kinds.JPEG.media_type: "preview_pictures.make",
    kinds.MP4.media_type: "preview_media.make_film",
    kinds.M4A.media_type: "preview_media.make_film",
    kinds.WAV.media_type: "preview_media.make_wav",
    kinds.MP3.media_type: "preview_media.make_mp3",
    kinds.TEXT_TYPE: "preview_texts.make",
    OPEN_ONLY: "preview_pages.try_to_open",
}


def limit() -> None:
    """Give up memory, time and files beyond what a preview needs."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    ends = spent + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (ends, ends + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(media_type: str, source: Path, folder: Path) -> None:
    """Make the preview of one file."""
    module, name = MAKERS[media_type].split(".")
    make = getattr(import_module(f"portfolio.evidence.{module}"), name)
    limit()
    parts = Parts(folder)
    try:
        make(source, parts)
    except NoPreview as error:
        parts.finish(PreviewState.FAILED, str(error))
    except MemoryError:
        parts.finish(PreviewState.FAILED, TOO_MUCH)
    except Exception:
        parts.finish(PreviewState.FAILED, UNREADABLE)
    else:
        parts.finish(PreviewState.READY, parts.note)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
