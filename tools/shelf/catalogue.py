"""The tools of the shelf: each a card to choose it by, a schema to call it by, and the function itself."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tools.checking import Checked, check_arguments
from tools.memory_cells import Cells, use_memory
from tools.shelf import (
    algebra,
    codes,
    data,
    dates,
    lists,
    measures,
    money,
    sample,
    texts,
    truth,
    twenty_four,
    whole_numbers,
)
from tools.shelf.values import Answer
from tools.tool import Card, card_of

_FUNCTIONS: tuple[Callable[..., Answer], ...] = (
    measures.convert_units,
    measures.measure_shape,
    measures.find_distance,
    measures.split_bill,
    measures.plan_fuel,
    measures.scale_recipe,
    dates.count_days,
    dates.shift_date,
    dates.describe_date,
    dates.convert_time_zone,
    money.compute_percentage,
    money.grow_savings,
    money.repay_loan,
    money.value_cash_flows,
    sample.summarize_numbers,
    sample.fit_line,
    sample.draw_random,
    texts.count_text,
    texts.change_text,
    texts.compare_texts,
    texts.encode_text,
    texts.describe_characters,
    lists.arrange_list,
    lists.combine_sets,
    whole_numbers.factor_number,
    whole_numbers.find_common,
    whole_numbers.compute_modular,
    whole_numbers.write_number,
    whole_numbers.count_arrangements,
    algebra.solve_linear,
    algebra.compute_matrix,
    codes.check_digits,
    codes.convert_colour,
    truth.truth_table,
    twenty_four.play_24,
    data.query_table,
    data.query_json,
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as a planner holds it."""

    card: Card
    function: Callable[..., Answer]

    @property
    def schema(self) -> dict[str, Any]:
        """The arguments as a JSON schema."""
        return self.card.json_schema()

    def check(self, arguments: Mapping[str, Any] | str) -> Checked:
        """Return the arguments made to fit the schema. Raises ToolError naming what is missing or wrong."""
        return check_arguments(self.card, arguments)

    def call(self, arguments: Mapping[str, Any] | str) -> Answer:
        """Check the arguments and run the tool. Raises ToolError."""
        return self.function(**self.check(arguments).arguments)


@functools.cache
def shelf() -> tuple[Tool, ...]:
    """Return the tools that need nothing but their arguments, made once."""
    return tuple(Tool(card_of(one), one) for one in _FUNCTIONS)


def memory_tool(cells: Cells) -> Tool:
    """Return the memory tool over the cells of M."""
    return Tool(card_of(use_memory), functools.partial(use_memory, cells=cells))
