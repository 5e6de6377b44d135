"""The parts of C in one home: the tools, the person's tool servers, and the layer through which they are called."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lottery_chat.interface.part import Part
from lottery_chat.parts.lazy import Lazy
from lottery_chat.parts.memory import MemoryParts
from lottery_chat.settings import Settings

if TYPE_CHECKING:
    from knowledge.reading import Limited
    from lottery_chat.calls.layer import CallLayer
    from lottery_chat.calls.mcp_tools import McpTools
    from lottery_chat.calls.offered import OfferedTools
    from lottery_chat.tables import PlannerTables

#: How long a question waits for the person's tool servers to be connected.
SERVER_SECONDS = 5.0


class ToolParts:
    """C, made on demand.

    Args:
        memory: where results are kept. children: gives what runs a function in a limited child.
    """

    def __init__(self, settings: Settings, memory: MemoryParts, children: Callable[[], Limited]) -> None:
        self._settings, self._memory, self._children = settings, memory, children
        self._lazy = Lazy()

    def compute(self) -> Any:
        """Calculator and programs."""
        from lottery_chat.adapters import PlannerCompute

        return self._lazy.get("compute", PlannerCompute)

    def spoken(self, question: str) -> tuple[Any, Any] | None:
        """The tool of the shelf that the whole question asks for in a form that code reads, with its values."""
        from lottery_chat.adapters import spoken_call

        return spoken_call(question)

    def prove(self) -> Any:
        """The logic solver in limited children."""
        from lottery_chat.adapters import PlannerProof

        return self._lazy.get("prove", lambda: PlannerProof(self._children()))

    def web(self) -> Any:
        """Web search."""
        from lottery_chat.adapters import planner_web

        return self._lazy.get("web", lambda: planner_web(self._settings, self._children()))

    def tables(self) -> PlannerTables:
        """Questions over tables, read by code."""
        from lottery_chat.tables import PlannerTables

        return self._lazy.get("tables", PlannerTables)

    def calls(self) -> CallLayer:
        """The one layer through which every call of a tool goes."""
        from lottery_chat.adapters import WEB_PAGES, WEB_RESULTS
        from lottery_chat.calls.access import Access
        from lottery_chat.calls.layer import CallLayer
        from lottery_chat.calls.registry import Registry
        from lottery_chat.calls.storage import Storage

        def make() -> CallLayer:
            return CallLayer(
                Registry(codecs={"web search": WEB_RESULTS, "web page": WEB_PAGES}), storage=Storage(self._memory.tool_results()),
                access=Access(self.servers().permissions),
            )  # fmt: skip

        return self._lazy.get("calls", make)

    def servers(self) -> Any:
        """The MCP servers that the person added, as written in the home."""
        from lottery_chat.calls.mcp_servers import ServerFile

        return self._lazy.get("servers", lambda: ServerFile(self._settings.home / "mcp.json", self._settings.mcp))

    def mcp(self) -> McpTools:
        """The connections to those servers; ask for it only where there are any, the package takes a second."""
        from lottery_chat.calls.mcp_tools import McpTools

        return self._lazy.get("mcp", lambda: McpTools(self.servers(), self.calls().registry))

    def offered(self) -> OfferedTools:
        """The servers' tools for the page and the command line."""
        from lottery_chat.calls.offered import OfferedTools

        return self._lazy.get("offered", lambda: OfferedTools(self.mcp(), self.calls()))

    def connect_servers(self, say: Callable[[str], None]) -> None:
        """Connect the person's servers; `say` is told which cannot be reached and what is wrong in the file."""
        if self.servers().servers():
            self.mcp().connect()
            for state in self.mcp().states():
                if state.state == "failed":
                    say(state.problem)
        for problem in self.servers().problems:
            say(problem)

    def wait_for_servers(self) -> None:
        """Give the servers, where there are any, a little time to be connected."""
        if self.servers().servers():
            self.mcp().wait(SERVER_SECONDS)

    def parts(self) -> tuple[Part, ...]:
        """How far the solver and the sandbox are."""
        compute = self._lazy.made("compute")
        solver = Part("solver", "ready", "Logic can be solved.")
        if compute is None:
            programs = Part("programs", "loading", "The sandbox for programs is loading.")
        elif compute.programs_available():
            programs = Part("programs", "ready", "Programs run in the sandbox.")
        else:
            programs = Part("programs", "off", compute.why_not())
        return solver, programs

    def close(self) -> None:
        """End the servers and the sandbox."""
        self._lazy.close("mcp", "compute")
