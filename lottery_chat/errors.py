"""Every way Lottery Chat can fail, drawn as a tree.

    LotteryChatError                 anything of ours that a person is told in one sentence
    ├── SetupError                   the machine or the installation lacks something
    ├── SettingsError                a setting has a value that cannot be used
    ├── ModelError                   g_φ could not answer
    │   ├── ModelMissing             the model is not on this machine yet
    │   ├── ModelUnreachable         the model's server does not answer, or died
    │   ├── PromptTooLong            the prompt does not fit the window; it was not sent
    │   └── DownloadFailed           no source gave the file, or its checksum is wrong
    ├── MemoryFailed                 SQLite could not keep or read something
    ├── PageRefused                  the web page may not be served like this (host, password, port)
    └── NotFound                     an id, name or file that does not exist

    tools.ToolError                  goes back to the planner as an observation
    knowledge.KnowledgeError         a document or the store of documents

A message names the value and the next step. Set-up problems are printed without a traceback.
"""

from __future__ import annotations


class LotteryChatError(Exception):
    """Anything of ours that a person is told in one sentence."""


class SetupError(LotteryChatError):
    """The machine or the installation lacks something."""


class SettingsError(LotteryChatError):
    """A setting has a value that cannot be used."""


class ModelError(LotteryChatError):
    """g_φ could not answer."""


class ModelMissing(ModelError):
    """The model is not on this machine yet."""


class ModelUnreachable(ModelError):
    """The model's server does not answer, or died."""


class PromptTooLong(ModelError):
    """The prompt does not fit the window; it was not sent."""


class DownloadFailed(ModelError):
    """No source gave the file, or its checksum is wrong."""


class MemoryFailed(LotteryChatError):
    """SQLite could not keep or read something."""


class PageRefused(LotteryChatError):
    """The web page may not be served like this (host, password, port)."""


class NotFound(LotteryChatError):
    """An id, name or file that does not exist."""
