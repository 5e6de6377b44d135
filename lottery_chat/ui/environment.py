"""What must be set before gradio is imported: no telemetry, its temporary files in our folder, a quick import.

The only place of the page that touches the environment. Knows nothing of the app but its data folder.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import shutil
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

#: The folder of passing uploads inside the data folder; emptied at every start.
UPLOADS = "page-uploads"

_SETTINGS = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_SSR_MODE": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def prepare(home: Path) -> Path:
    """Set gradio's environment and return the empty folder (mode 0700) where uploads pass through.

    Gradio's own names are forced; HF_HUB_* only where nobody has set them. Call it before `import gradio`.
    """
    folder = (home / UPLOADS).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    for name, value in _SETTINGS.items():
        if name.startswith("GRADIO_"):
            os.environ[name] = value
        else:
            os.environ.setdefault(name, value)
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    _skip_stub_files()
    return folder


class _WithoutStubs(importlib.abc.MetaPathFinder):
    """Load `gradio.component_meta` with its writing of .pyi files switched off.

    Gradio parses the source of every component twice at each import to rewrite stub files beside its own modules
    (for editors). That is 1.2 s of 2.9 s here, and writes into the installation. Nothing at run time reads them.
    """

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != "gradio.component_meta":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None or spec.loader is None:
            return None
        run = spec.loader.exec_module

        def run_then_switch_off(module: ModuleType) -> None:
            run(module)
            if hasattr(module, "create_or_modify_pyi"):
                module.__dict__["create_or_modify_pyi"] = lambda *_: None

        spec.loader.exec_module = run_then_switch_off  # type: ignore[method-assign]
        return spec


def _skip_stub_files() -> None:
    if "gradio" not in sys.modules and not any(isinstance(one, _WithoutStubs) for one in sys.meta_path):
        sys.meta_path.insert(0, _WithoutStubs())
