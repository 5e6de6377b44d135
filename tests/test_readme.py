"""README.md: its file tree is the code's own first lines, its commands can be typed, its links lead somewhere.

`python tests/test_readme.py --write` writes the tree anew.
"""

from __future__ import annotations

import ast
import re
import shlex
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lottery_chat import cli  # noqa: E402  (also when run as a script)

README = ROOT / "README.md"
BEGIN, END = "<!-- tree: begin", "<!-- tree: end -->"
WIDTH = 31


def first_line(path: Path) -> str:
    """The first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()[0].rstrip(".")


def branch(folder: Path, depth: int) -> list[str]:
    """A package, its modules and the packages below it."""
    indent = "  " * depth
    lines = [f"{indent + folder.name + '/':{WIDTH}} {first_line(folder / '__init__.py')}"]
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            lines.append(f"{indent + '  ' + path.name:{WIDTH}} {first_line(path)}")
    for below in sorted(one for one in folder.iterdir() if (one / "__init__.py").is_file()):
        lines += branch(below, depth + 1)
    return lines


def tree() -> str:
    """The file tree as it stands in the README."""
    lines = [f"{'app.py':{WIDTH}} {first_line(ROOT / 'app.py')}"]
    for package in ("lottery_chat", "knowledge", "tools"):
        lines += ["", *branch(ROOT / package, 0)]
    return "\n".join(lines)


def parts() -> tuple[str, str, str]:
    """The README before, in and after the tree."""
    text = README.read_text(encoding="utf-8")
    start = text.index("\n", text.index(BEGIN)) + 1
    end = text.index(END)
    return text[:start], text[start:end], text[end:]


def blocks(kind: str) -> list[str]:
    """The README's code blocks of this kind."""
    return re.findall(rf"```{kind}\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_file_tree_is_the_modules_with_their_first_lines() -> None:
    written = parts()[1].replace("```text\n", "").replace("```", "").strip()
    assert written == tree().strip(), "run: python tests/test_readme.py --write"


@pytest.mark.parametrize(
    "line", [line for block in blocks("console") for line in block.splitlines() if "lottery-chat " in line[:13]]
)
def test_every_command_in_the_readme_can_be_typed(line: str) -> None:
    words = shlex.split(line.removeprefix("$ "))
    options = cli._parser().parse_args(words[1:])
    assert callable(options.command)


def test_a_command_that_does_not_exist_would_be_seen() -> None:
    with pytest.raises(SystemExit):
        cli._parser().parse_args(["forget", "list"])


def test_the_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"\bmake (run|test|check|bench|clean|\w+)\b(?=`|\n)", README.read_text(encoding="utf-8")))
    assert {"run", "test"} <= named <= targets


def test_there_are_three_lines_for_each_system_and_they_name_files_that_exist() -> None:
    text = README.read_text(encoding="utf-8")
    for system in ("linux", "macos", "windows"):
        block = re.search(rf"<!-- verbatim: {system} -->\n```\w+\n(.*?)```", text, flags=re.DOTALL)
        assert block is not None, system
        lines = block[1].splitlines()
        assert len(lines) == 3
        assert "venv .venv" in lines[0] and "-r requirements.txt" in lines[1] and lines[2].endswith("app.py")


def test_the_links_lead_to_files() -> None:
    for name in ("README.md", "SECURITY.md", "CHANGELOG.md", "docs/architecture.md"):
        page = ROOT / name
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if not link.startswith("http"):
                assert (page.parent / link).exists(), f"{name}: {link}"


def test_the_modules_that_the_architecture_names_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.py)`", text)):
        found = [
            path for folder in ("lottery_chat", "knowledge", "tools", "tests") for path in (ROOT / folder).rglob(name)
        ]
        found += [path for path in (ROOT / name,) if path.is_file()]
        assert found, f"docs/architecture.md names {name}"


def test_the_functions_of_algorithm_1_that_the_architecture_names_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("| line | the paper") : text.index("Where the letter was repaired")]
    planner = ROOT / "lottery_chat" / "planner"
    named = re.findall(r"`([a-z_]+)` \(`([a-z_]+\.py)`\)", table)
    named += [(name, "engine.py") for name in re.findall(r"`([a-z_]+)`(?! \(`)(?=[:;,] | \|)", table)]
    assert len(named) >= 12
    for name, module in named:
        assert re.search(rf"^ *def {name}\(", (planner / module).read_text(encoding="utf-8"), re.MULTILINE), name


def test_the_licence_is_apache_2() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")[:200]


if __name__ == "__main__" and "--write" in sys.argv:
    before, _, after = parts()
    README.write_text(f"{before}```text\n{tree()}\n```\n{after}", encoding="utf-8")
