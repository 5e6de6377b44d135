"""Who may import whom, one door per package, nothing happens at import: read off the source, nothing is run."""

from __future__ import annotations

import ast
import functools
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import knowledge
import tools

ROOT = Path(__file__).resolve().parent.parent
OURS = ("lottery_chat", "knowledge", "tools")

#: May choose concrete parts.
CHOOSERS = ("lottery_chat.assembly", "lottery_chat.adapters", "lottery_chat.parts.home", "lottery_chat.cli", "app")
#: Everybody in lottery_chat may import these: values and the tree of errors, standard library only.
VALUES = ("lottery_chat.messages", "lottery_chat.errors", "lottery_chat.events", "lottery_chat.plain_text")
#: What each part of lottery_chat may import of ours beside VALUES and itself. A trailing dot means: and below.
MAY: dict[str, tuple[str, ...]] = {
    "lottery_chat.messages": (),
    "lottery_chat.errors": (),
    "lottery_chat.events": (),
    "lottery_chat.posix": (),
    "lottery_chat.machine": ("lottery_chat.posix",),
    "lottery_chat.settings": ("lottery_chat.settings_values",),
    "lottery_chat.settings_values": (),
    "lottery_chat.interface": (),
    "lottery_chat.children": ("lottery_chat.posix",),
    "lottery_chat.child_main": ("lottery_chat.posix",),
    "lottery_chat.bootstrap": ("lottery_chat.machine", "lottery_chat.posix", "lottery_chat.setup."),
    "lottery_chat.setup": (),
    "lottery_chat.models": ("lottery_chat.machine", "lottery_chat.posix"),
    "lottery_chat.memory": ("lottery_chat.posix", "lottery_chat.interface"),
    "lottery_chat.calls": ("lottery_chat.interface", "lottery_chat.posix", "tools.errors", "tools.tool"),
    "lottery_chat.planner": (
        "lottery_chat.calls.",
        "lottery_chat.models.protocol",
        "lottery_chat.memory.notes",
        "lottery_chat.interface",
        "tools.errors",
        "tools.tool",
        "knowledge.asking",
        "knowledge.choosing",
        "knowledge.covering",
        "knowledge.dating",
        "knowledge.errors",
        "knowledge.passage",
        "knowledge.sentences",  # where a sentence ends: one rule for documents and for what is pasted
        "knowledge.ranking",
        "knowledge.relations",  # one name for "written by" and "author", in texts and in questions
        "knowledge.triples",
    ),
    # Each makes the concrete parts of one letter of Algorithm 1; home.py puts them together.
    "lottery_chat.parts": (),
    "lottery_chat.parts.memory": (
        "lottery_chat.adapters",
        "lottery_chat.memory.",
        "lottery_chat.parts.",
        "lottery_chat.settings",
    ),
    "lottery_chat.parts.models": (
        "lottery_chat.interface",
        "lottery_chat.models.",
        "lottery_chat.parts.",
        "lottery_chat.machine",
        "lottery_chat.settings",
    ),
    "lottery_chat.parts.search": (
        "lottery_chat.adapters",
        "lottery_chat.children",
        "lottery_chat.models.sources",
        "lottery_chat.parts.",
        "lottery_chat.retriever",
        "lottery_chat.search_models",
        "lottery_chat.settings",
        "knowledge.errors",
        "knowledge.remembered_vectors",
        "tools.shelf.catalogue",
    ),
    "lottery_chat.parts.documents": (
        "lottery_chat.children",
        "lottery_chat.interface",
        "lottery_chat.kept_documents",
        "lottery_chat.parts.",
        "lottery_chat.planner.resources",
        "lottery_chat.settings",
        "knowledge.",
    ),
    "lottery_chat.parts.tools": (
        "lottery_chat.adapters",
        "lottery_chat.calls.",
        "lottery_chat.interface",
        "lottery_chat.parts.",
        "lottery_chat.settings",
        "lottery_chat.tables",
        "knowledge.reading",
    ),
    "lottery_chat.chosen_models": ("lottery_chat.interface", "lottery_chat.parts."),
    "lottery_chat.stopping_conversations": ("lottery_chat.kept_documents", "lottery_chat.parts."),
    "lottery_chat.ui": ("lottery_chat.interface",),
    "lottery_chat.plain_text": (),
    "lottery_chat.terminal_lines": (),
    "lottery_chat.terminal": ("lottery_chat.interface", "lottery_chat.terminal_lines"),
    "lottery_chat.commands": (
        "lottery_chat.interface",
        "lottery_chat.settings",
        "lottery_chat.terminal",
        "lottery_chat.terminal_lines",
    ),
    "lottery_chat.commands_tools": (
        "lottery_chat.commands",
        "lottery_chat.interface",
        "lottery_chat.settings",
        "lottery_chat.terminal",
    ),
    "lottery_chat.doctor": ("lottery_chat.settings", "lottery_chat.machine", "lottery_chat.posix"),
    "lottery_chat.commands_documents": (
        "lottery_chat.errors",
        "lottery_chat.events",
        "lottery_chat.interface",
        "lottery_chat.settings",
        "lottery_chat.terminal",
        "lottery_chat.commands",
        "lottery_chat.commands_facts",
        "lottery_chat.commands_ingest",
    ),
    "lottery_chat.commands_ingest": (
        "lottery_chat.errors",
        "lottery_chat.interface",
        "lottery_chat.settings",
        "lottery_chat.terminal",
        "lottery_chat.terminal_lines",
        "lottery_chat.commands",
        "lottery_chat.commands_facts",
    ),
    "lottery_chat.commands_facts": ("lottery_chat.interface", "lottery_chat.terminal"),
    "lottery_chat.document_views": (
        "lottery_chat.interface",
        "lottery_chat.kept_documents",
        "lottery_chat.planner.coverage",
        "lottery_chat.planner.gathering",
        "knowledge.",
        "tools.fetching",
    ),
    "lottery_chat.kept_documents": (
        "lottery_chat.errors",
        "lottery_chat.events",
        "lottery_chat.interface",
        "lottery_chat.memory.",
        "knowledge.",
        "tools.",
    ),
    "lottery_chat.search_models": (
        "lottery_chat.settings",
        "lottery_chat.models.",
        "lottery_chat.search_child",
        "knowledge.",
    ),
    # A search model and the process it lives in: between the limited child and the embedder's protocol.
    "lottery_chat.search_child": (
        "lottery_chat.search_process",
        "knowledge.embedding",
        "knowledge.errors",
    ),
    "lottery_chat.search_process": ("lottery_chat.children", "lottery_chat.posix", "lottery_chat.search_worker"),
    "lottery_chat.search_worker": (
        "lottery_chat.posix",
        "knowledge.embedding",
        "knowledge.errors",
        "knowledge.sentence_models",
    ),
    "lottery_chat.live_run": (),
    "lottery_chat.chat": (
        "lottery_chat.interface",
        "lottery_chat.live_run",
        "lottery_chat.planner.",
        "lottery_chat.models.protocol",
    ),
    "lottery_chat.noting": ("lottery_chat.interface", "lottery_chat.memory.", "tools."),
    "lottery_chat.commands_memory": (
        "lottery_chat.commands",
        "lottery_chat.interface",
        "lottery_chat.settings",
        "lottery_chat.terminal",
    ),
    "lottery_chat.tables": ("lottery_chat.planner.resources", "knowledge.", "tools."),
    "lottery_chat.retriever": ("lottery_chat.interface", "lottery_chat.planner.", "tools."),
    # The lab measures the assembled app; only its commands and its bench open it.
    "lottery_chat.lab": (
        "lottery_chat.interface",
        "lottery_chat.settings",
        "lottery_chat.models.protocol",
        "lottery_chat.machine",
        "lottery_chat.posix",
    ),
    **{
        f"lottery_chat.lab.{name}": (
            "lottery_chat.assembly",
            "lottery_chat.commands",
            "lottery_chat.interface",
            "lottery_chat.lab.",
            "lottery_chat.settings",
            "lottery_chat.terminal",
        )
        for name in (
            "command",
            "command_checks",
            "command_measuring",
            "command_parts",
            "command_records",
            "given",
        )
    },
    "lottery_chat.lab.command_gates": (
        "lottery_chat.assembly",
        "lottery_chat.commands",
        "lottery_chat.interface",
        "lottery_chat.lab.",
        "lottery_chat.models.protocol",
        "lottery_chat.planner.",
        "lottery_chat.settings",
        "lottery_chat.terminal",
    ),
    **{
        f"lottery_chat.lab.{name}": ("lottery_chat.models.protocol", "lottery_chat.planner.", "lottery_chat.lab.")
        for name in ("by_heart", "complexities", "confidence", "covering", "entropy", "gates", "logistic", "relevance")
    },
    "lottery_chat.lab.honest_programs": (
        "lottery_chat.models.protocol",
        "lottery_chat.planner.",
        "lottery_chat.lab.",
        "tools.programs",
    ),
    "lottery_chat.lab.tool_times": ("lottery_chat.children", "lottery_chat.lab.", "tools."),
    "lottery_chat.lab.bases": ("knowledge.", "lottery_chat.lab."),
    # These read files as the app does: in limited children.
    "lottery_chat.lab.documents": ("knowledge.", "lottery_chat.children", "lottery_chat.lab."),
    "lottery_chat.lab.hostile": ("knowledge.", "lottery_chat.children", "lottery_chat.lab."),
    # Experiments on the assembled app in processes of their own, which are killed or given a full disk.
    "lottery_chat.lab.durable": (
        "lottery_chat.assembly",
        "lottery_chat.interface",
        "lottery_chat.lab.office_files",
        "lottery_chat.machine",
        "lottery_chat.posix",
        "lottery_chat.settings",
        "lottery_chat.terminal",
        "knowledge.",
    ),
    "lottery_chat.lab.hostile_files": ("lottery_chat.lab.",),
    # These break the app's parts one by one, with the real ones around them; each names what it breaks.
    **{
        f"lottery_chat.lab.{name}": (
            "lottery_chat.adapters",
            "lottery_chat.assembly",
            "lottery_chat.calls.",
            "lottery_chat.children",
            "lottery_chat.interface",
            "lottery_chat.lab.",
            "lottery_chat.memory.",
            "lottery_chat.models.",
            "lottery_chat.parts.",
            "lottery_chat.planner.",
            "lottery_chat.posix",
            "lottery_chat.settings",
            "knowledge.",
            "tools.",
        )
        for name in (
            "fault_children",
            "fault_plans",
            "fault_rooms",
            "fault_scenes",
            "fault_scenes_files",
            "fault_scenes_local",
            "fault_scenes_model",
        )
    },
    "lottery_chat.lab.routes": ("lottery_chat.interface", "lottery_chat.planner.", "lottery_chat.lab."),
    "lottery_chat.lab.triples": ("knowledge.", "lottery_chat.children", "lottery_chat.planner.", "lottery_chat.lab."),
    "lottery_chat.lab.evidence": ("lottery_chat.planner.", "lottery_chat.lab."),
    "lottery_chat.lab.bench_documents": (
        "lottery_chat.assembly",
        "lottery_chat.interface",
        "lottery_chat.lab.bench",
        "knowledge.",
    ),
    "lottery_chat.lab.bench": ("lottery_chat.assembly", "lottery_chat.planner.prompts", "knowledge."),
    "knowledge": (),
    "tools": (),
}

#: Packages with more than one module that may import them: inside ui/ any may import gradio (design.md, decision 1).
MANY_DOORS = {"gradio": "lottery_chat.ui", "fastapi": "lottery_chat.ui", "starlette": "lottery_chat.ui"}
#: Values of arrays travel; numpy is a language of its own in knowledge/, in the lab's makers of vectors, and where they
#: come out of a child.
EVERYWHERE = {
    "numpy": (
        "knowledge",
        "lottery_chat.lab.bench_documents",
        "lottery_chat.lab.durable.growth",
        "lottery_chat.lab.logistic",
        "lottery_chat.search_child",
    )
}

#: Where the environment may be read: settings; gradio is configured by variables only; a child gets a clean one.
ENVIRONMENT = (
    "lottery_chat.settings",
    "lottery_chat.ui.environment",
    "lottery_chat.children",
    "lottery_chat.models.embedded_child",  # its own process; OpenMP reads the variable when it is loaded
    "tools.programs",  # only to hand its child next to nothing of it
)

#: Calls that must not stand at the top level, whatever they are nested in.
ACTIONS = re.compile(
    r"^(print|open|exec|eval|input|os\.(?!path\.).*|shutil\..*|subprocess\..*|socket\..*|urllib\..*|sys\.stdout.*|sys\.stderr.*|"
    r".*\.(mkdir|write_text|write_bytes|read_text|read_bytes|unlink|touch|connect|setdefault|start|run|acquire)|"
    r"warnings\.(simplefilter|filterwarnings)|logging\.basicConfig|signal\..*|importlib\.import_module|time\.sleep)$"
)


def files() -> list[Path]:
    """Every module of ours, tests left out."""
    found = [path for package in OURS for path in sorted((ROOT / package).rglob("*.py"))]
    return [ROOT / "app.py", *found]


def name_of(path: Path) -> str:
    """`lottery_chat.ui.page` for its file; a package's __init__ is the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(tree: ast.Module) -> Iterator[str]:
    """Every imported module, wherever the import stands; `from a import b` gives a.b, which may be a name in a."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(module: str) -> str:
    """The longest key of MAY that covers this module."""
    covering = [key for key in MAY if module == key or module.startswith(key + ".")]
    return max(covering, key=len, default="")


def allowed(module: str, imported: str) -> bool:
    """Whether a module may import this one of ours."""
    if module in CHOOSERS:
        return True
    part = part_of(module)
    if not part:
        return False
    may = [*MAY[part], *(MAY["lottery_chat.lab"] if part == "lottery_chat.lab.bench" else ())]
    if part.startswith("lottery_chat"):
        may += VALUES
        if imported in ("lottery_chat", "lottery_chat.__version__"):
            return True
    own = "lottery_chat.lab" if part == "lottery_chat.lab.bench" else part
    for one in (own, *may):
        if imported == one.rstrip(".") or imported.startswith(one.rstrip(".") + "."):
            return True
    return False


def wrong_imports(module: str, tree: ast.Module) -> list[str]:
    return [one for one in imports(tree) if one.split(".")[0] in OURS and not allowed(module, one)]


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_imports_flow_one_way(path: Path) -> None:
    module = name_of(path)
    if module == "lottery_chat.__main__":
        assert set(one for one in imports(tree_of(path)) if one.startswith("lottery_chat")) == {"lottery_chat.cli"}
        return
    if module == "lottery_chat":
        assert list(imports(tree_of(path))) == []
        return
    assert module in CHOOSERS or part_of(module), f"{module} has no place in the import map of this test"
    assert wrong_imports(module, tree_of(path)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("tools.calculator", "import lottery_chat"),
        ("tools.calculator", "from knowledge.passage import Page"),
        ("knowledge.store", "from lottery_chat.errors import NotFound"),
        ("knowledge.store", "def f():\n    import tools.calculator"),
        ("lottery_chat.ui.page", "from lottery_chat.models.hub import ModelHub"),
        ("lottery_chat.ui.page", "from lottery_chat import assembly"),
        ("lottery_chat.planner.run", "from lottery_chat.memory.journal import Journal"),
        ("lottery_chat.planner.run", "from lottery_chat.settings import Settings"),
        ("lottery_chat.models.hub", "from lottery_chat.settings import Settings"),
        ("lottery_chat.memory.journal", "from lottery_chat.models.protocol import Reply"),
        ("lottery_chat.events", "from lottery_chat.interface import Turn"),
        ("lottery_chat.parts.memory", "def f():\n    from lottery_chat.models.hub import ModelHub"),
    ],
)
def test_an_import_against_the_flow_would_be_seen(module: str, source: str) -> None:
    assert wrong_imports(module, ast.parse(source))


def packages(tree: ast.Module) -> set[str]:
    """The third-party packages that a module imports at run time."""
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return {one for one in found if one not in sys.stdlib_module_names and one not in OURS and one != "__future__"}


def doors() -> dict[tuple[str, str], list[str]]:
    """{(our package, third-party package): the modules that import it}."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in files():
        for package in packages(tree_of(path)):
            found.setdefault((name_of(path).split(".")[0], package), []).append(name_of(path))
    return found


def test_each_third_party_package_has_one_door() -> None:
    for (ours, package), modules in doors().items():
        inside = {**MANY_DOORS, **EVERYWHERE}.get(package)
        outside = [one for one in modules if inside is None or not one.startswith(inside)]
        assert len(outside) <= (1 if inside is None else 0), f"{ours}: {package} is imported in {modules}"


def test_every_package_that_is_imported_is_required_and_the_other_way_round() -> None:
    names = {
        "docx": "python-docx",
        "pptx": "python-pptx",
        "z3": "z3-solver",
        "sentence_transformers": "sentence-transformers",
        "sqlite_utils": "sqlite-utils",
        "charset_normalizer": "charset-normalizer",
        "pydantic_monty": "pydantic-monty",
        "pyarrow": "lancedb",
        "transformers": "sentence-transformers",
        "starlette": "fastapi",
    }
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    required = {line.split("==")[0].strip() for line in lines if line and not line.startswith("#")}
    imported = {names.get(package, package) for _, package in doors()} - {"playwright"}  # the bench uses it where it is
    assert imported <= required
    # torch is what sentence-transformers computes with; trafilatura needs lxml_html_clean and does not ask for it.
    assert required - imported <= {"torch", "lxml_html_clean"}


def top_level_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that run when the module is imported, those in class bodies and default values included."""
    waiting: list[ast.AST] = [node for node in tree.body if not _is_main_guard(node)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.args.defaults, *(one for one in node.args.kw_defaults if one), *node.decorator_list]
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting += ast.iter_child_nodes(node)


def _is_main_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and (
        "__name__" in ast.unparse(node.test) or "TYPE_CHECKING" in ast.unparse(node.test)
    )


def actions_at_import(tree: ast.Module) -> list[str]:
    """What a module does when it is imported, beside making values."""
    called = [ast.unparse(call.func) for call in top_level_calls(tree)]
    bare = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    return [one for one in called if ACTIONS.match(one)] + bare


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_importing_a_module_does_nothing(path: Path) -> None:
    assert actions_at_import(tree_of(path)) == []


@pytest.mark.parametrize(
    "source",
    [
        "print('hello')",
        "DATA = open('x').read()",
        "from pathlib import Path\nPath('x').mkdir()",
        "import os\nos.environ.setdefault('A', 'b')",
        "class A:\n    x = open('y')",
        "def f(x=open('y')): ...",
        "load()",
    ],
)
def test_a_module_that_does_something_at_import_would_be_seen(source: str) -> None:
    assert actions_at_import(ast.parse(source))


def environment_uses(tree: ast.Module) -> list[str]:
    found = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    named = [one for one in imports(tree) if one in ("os.environ", "os.getenv")]
    return [one for one in found if one in ("os.environ", "os.getenv", "os.putenv")] + named


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_the_environment_is_read_in_one_place(path: Path) -> None:
    if name_of(path) not in ENVIRONMENT:
        assert environment_uses(tree_of(path)) == []


def test_reading_the_environment_elsewhere_would_be_seen() -> None:
    assert environment_uses(ast.parse("import os\nx = os.environ['HOME']"))
    assert environment_uses(ast.parse("from os import getenv"))


def test_modules_of_one_system_only_are_imported_in_one_place() -> None:
    single = {"resource", "fcntl", "msvcrt", "termios", "pwd", "grp", "winreg", "pty"}
    for path in files():
        top = [node for node in tree_of(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
        for node in top:
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            assert not single & set(names), f"{name_of(path)} cannot be imported everywhere"


def test_fakes_are_parts_and_nothing_is_mocked() -> None:
    for path in [*files(), *sorted((ROOT / "tests").glob("*.py"))]:
        for one in imports(tree_of(path)):
            assert not one.startswith(("unittest.mock", "mock.", "pytest_mock")), path


def test_nothing_is_evaluated() -> None:
    for path in files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec"), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_every_module_says_its_one_responsibility_in_its_first_line(path: Path) -> None:
    first = (ast.get_docstring(tree_of(path)) or "").splitlines()
    assert first and len(first[0]) > 20 and first[0].rstrip().endswith((".", ")", ":")), first[:1]
    assert len(first) == 1 or first[1] == "", "the first line is a whole sentence"


def test_long_modules_are_told_but_not_forbidden() -> None:
    long = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    shown = ", ".join(f"{name} {lines}" for name, lines in sorted(long.items()) if lines > 300)
    assert max(long.values()) < 700, "this one does more than one thing"
    if shown:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            print(f"modules over 300 lines: {shown}")


def test_the_packages_are_the_ones_of_this_repository() -> None:
    assert Path(tools.__file__).is_relative_to(ROOT)
    assert Path(knowledge.__file__).is_relative_to(ROOT)
