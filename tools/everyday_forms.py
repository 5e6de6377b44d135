"""The everyday forms: for each meaning its wordings, and the calculation or the tool that answers it.

A new wording is a line here (spoken_slots.py says how it is written); tests say each one once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.spoken_slots import Slot


@dataclass(frozen=True, slots=True)
class Form:
    """One meaning in several wordings: a calculation, or a tool with its arguments ("{slot}" is the slot's value).

    `answer` says which of the tool's values was asked for; empty for the tool's own sentence. What is not `lasting` is
    another answer another day, or another time; values that are not `clear` read two ways.
    """

    wordings: tuple[str, ...]
    calculation: str = ""
    tool: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    answer: str = ""
    lasting: bool = True
    clear: Callable[[Mapping[str, Slot]], bool] = lambda slots: True


_WHAT = "[what is|what's|whats|what are|calculate|give me|find|work out]"
_HOW_MUCH = "(what is|what's|whats|how much is|calculate)"
_MY = "(my|our|his|her|their|its|the|your)"
_WHO = "(i|we|he|she|they|you|someone|somebody|tom|a car|a train|a bus|the car|the train|a cyclist|a runner)"
_GO = "(drive|drove|drives|walk|walked|walks|ran|run|runs|cycle|cycled|cycles|travel|traveled|travelled|travels|go|goes|went|covers|covered|fly|flew|bike|biked)"
_ROSE = "(rose|went|increased|grew|climbed|jumped|changed|dropped|fell|decreased|went up|went down|rises|falls|increases|goes)"
_PERCENT = "(percent|percentage|per cent|%)"
_PEOPLE = "(people|persons|friends|of us|ways|person|guests)"


def _one_clock(slots: Mapping[str, Slot]) -> bool:
    """Whether two times of day are of one clock: "from 9:00 to 5:00" and "from 9 am to 5:00" read two ways."""
    start, end = slots["a"].said.lower(), slots["b"].said.lower()
    marked = ["m" in one or "noon" in one for one in (start, end)]
    early = [int(slots[one].text.partition(":")[0]) for one in "ab"]
    return marked[0] == marked[1] and (all(marked) or early[1] >= early[0] or early[0] >= 13)


FORMS: tuple[Form, ...] = (
    # -- dates and times
    Form((
        "how many (working|business|work|week) days [are there|are|is it|lie|were there] (between|from) {first:date} (and|to|till|until) {second:date}",
        "[the] number of (working|business) days (between|from) {first:date} (and|to|till|until) {second:date}",
        "(working|business) days (between|from) {first:date} (and|to|till|until) {second:date}",
    ), tool="count_days", arguments={"first": "{first}", "second": "{second}"}, answer="{working_days} working days"),
    Form((
        "how many (working|business|work|week) days [are there|is it|are left|left] (until|till|to|before) {second:date}",
    ), tool="count_days", arguments={"first": "TODAY", "second": "{second}"}, answer="{working_days} working days", lasting=False),
    Form((
        "how many days [are there|is it|are left|left] (until|till|to|before) {b:date}",
        "how many days [are|is] (there|it) [left] (until|till|to|before) {b:date}",
        "days [left] (until|till|to) {b:date}",
        "how long [is it] (until|till) {b:date}",
    ), calculation="{b} - TODAY", lasting=False),
    Form((
        "how many days [are there|are|is it|is|passed|lie|were there] (between|from) {a:date} (and|to|till|until) {b:date}",
        f"{_WHAT} [the] (difference|number of days|time) (between|from) {{a:date}} (and|to|until) {{b:date}} [in days]",
        f"{_WHAT} [the] difference in days between {{a:date}} and {{b:date}}",
        "days (between|from) {a:date} (and|to|until) {b:date}",
    ), calculation="{b} - {a}"),
    Form((
        "{t:words} (leaves|departs|starts|begins|opens|left|departed|started|began) at {a:clock} [and] [it] (arrives|ends|finishes|closes|lands|stops|arrived|ended|finished) at {b:clock} how (long|much time) (is|does|was|did|will) {w:words}",
        "(i|we|he|she) (start|started|starts|left|leave|began|begin|leaves) [work|home|working] at {a:clock} [and] (finish|finished|stop|stopped|arrive|arrived|end|ended|leave|arrives|finishes) [home|work] at {b:clock} how (long|much time|many hours) (is|does|was|did|do|will) {w:words}",
        f"{_WHAT} [the] (time|duration|hours) (between|from) {{a:clock}} (and|to|until) {{b:clock}}",
        "how (long|many hours) (is|is it) (between|from) {a:clock} (and|to|until) {b:clock}",
    ), calculation="{b} - {a}", clear=_one_clock),
    Form((
        "[if|when] [it is|it's|its] {a:clock} in {source:place} what time is it in {target:place}",
        "what time is it in {target:place} (when|if) (it is|it's|its) {a:clock} in {source:place}",
        "[what is|what's|convert] {a:clock} {source:place} time (in|to) {target:place} [time]",
        "[what is|what's] {a:clock} in {source:place} (in|to) {target:place} time",
    ), tool="convert_time_zone", arguments={"moment": "{a}", "source": "{source}", "target": "{target}"}, lasting=False),
    # -- percentages and money
    Form((
        f"{{t:words}} {_ROSE} from {{a:number}} to {{b:number}} [what is|what's|what was|by what|by how many|how many|that is|how much is that in] [the] [percentage|percent] [increase|decrease|change|rise|drop|growth|percent|percentage|difference] [in] [percent|percentage|per cent|%]",
        f"{{t:words}} {_ROSE} from {{a:number}} to {{b:number}} (what|how much) (percentage|percent|in percent) is (that|it|the change)",
        "{t:words} (were|was|cost|costs) {a:number} and (are now|is now|now cost|now costs) {b:number} (how many percent|how much percent|what percentage|what percent) (off|less|more|cheaper|dearer) (is|are) (that|it|they)",
        "by (what percentage|how many percent|what percent|how much percent) did {t:words} (rise|fall|grow|change|increase|decrease|drop|go up|go down) from {a:number} to {b:number}",
        f"{_WHAT} [the] (percentage|percent) (change|increase|decrease|difference|growth|drop|rise) from {{a:number}} to {{b:number}}",
        f"{_WHAT} [the] (change|increase|decrease|growth|drop|rise) from {{a:number}} to {{b:number}} in {_PERCENT}",
        f"{_WHAT} [the] (increase|decrease|change) from {{a:number}} to {{b:number}} as a percentage",
    ), calculation="({b} - {a}) / {a} in %"),
    Form((
        "(my|our|the) rent is {a:number} and (i|we) (earn|make|get|have) {b:number} what (share|percentage|percent|part) of (my|our) (income|salary|pay) (is that|is rent|is the rent|goes to rent)",
        "(i|we) (earn|make|get|have) {b:number} [a month|per month|a week|a year] and (pay|spend|save) {a:number} [a month|per month] [on rent|in rent|on food|for rent] what (share|percentage|percent|part) of (my|our) (income|salary|pay) (is that|goes to rent|is rent)",
        "what (percentage|percent|share) (is|are) {a:number} (out of|from|of) {b:number}",
        "{a:number} out of {b:number} (in|as) (percent|a percentage|%)",
    ), calculation="{a} / {b} in %"),
    Form((
        f"{_HOW_MUCH} (a|an|the) {{p:percent}} tip (on|for|of) {{total:number}} [split|divided|shared] (between|among|by|for) {{n:count}} [{_PEOPLE[1:-1]}]",
        f"(split|divide|share) [a bill of|the bill of|a] {{total:number}} [bill] with [a|an] {{p:percent}} tip (between|among|by) {{n:count}} [{_PEOPLE[1:-1]}]",
        f"{{n:count}} {_PEOPLE} (split|share|pay) [a bill of|the bill of] {{total:number}} (with|plus) [a|an] {{p:percent}} tip [how much does each pay|what does each pay|how much each|what does each one pay]",
    ), tool="split_bill", arguments={"total": "{total}", "people": "{n}", "tip_percent": "{p}"}),
    Form((
        f"(split|divide|share) [a bill of|the bill of|a] {{total:number}} [bill] (between|among|by) {{n:count}} [{_PEOPLE[1:-1]}]",
    ), calculation="{total} / {n}"),
    Form((f"{_HOW_MUCH} (a|an|the) {{p:percent}} tip (on|for|of) {{total:number}}",), calculation="{p}% of {total}"),
    Form((
        f"{_WHAT} [the] (price|amount|net|net price) (without|excluding|before|ex|net of) (vat|tax|sales tax) (of|for|on) {{a:number}} (at|with) {{p:percent}} [vat|tax]",
        f"{_WHAT} {{a:number}} (without|minus|excluding|before) {{p:percent}} (vat|tax|sales tax)",
        f"{_WHAT} [the] net [price|amount] of {{a:number}} (with|including|incl|at) {{p:percent}} (vat|tax) [included]",
    ), calculation="{a} / (1 + {p}/100)"),
    Form((
        f"{_WHAT} {{a:number}} (plus|with|including|and|incl) {{p:percent}} (vat|tax|sales tax)",
        "add {p:percent} (vat|tax|sales tax) to {a:number}",
    ), calculation="{a} * (1 + {p}/100)"),
    Form((
        "(a|the|my) {t:words} costs {a:number} and is {p:percent} (off|cheaper|reduced) (what|how much) (do i|do you|does it|would i) (pay|cost)",
        "{t:words} (of|for|at|costs|costing) {a:number} is (reduced|discounted|cut) by {p:percent} (what|how much) (do i|do you|does it|is it|will i) [pay|cost|now]",
        f"{_WHAT} [the] [new|final|sale] (price|cost) of {{a:number}} (after|with) [a|an] {{p:percent}} (discount|off|reduction|rebate)",
    ), calculation="{a} * (1 - {p}/100)"),
    Form((
        "how much interest (do i|would i|will i|do you|does one) pay (on|for) a [car|home|bank|personal] (loan|mortgage|credit) of {a:number} (at|with) {p:percent} [interest|a year|per year] (over|for|in) {y:count} years [with monthly payments|paid monthly|in monthly payments]",
        f"{_WHAT} [the] [total] interest on a [car|home|bank|personal] (loan|mortgage) of {{a:number}} (at|with) {{p:percent}} [interest|a year|per year] (over|for) {{y:count}} years",
    ), tool="repay_loan", arguments={"principal": "{a}", "annual_percent": "{p}", "months": "12*{y}"},
        answer="{interest:,.2f} interest in all, with {payment:,.2f} a month"),
    Form((
        f"{_WHAT} [the] monthly (payment|payments|rate|instalment|installment) (for|on|of) a [car|home|bank|personal] (loan|mortgage|credit) of {{a:number}} (at|with) {{p:percent}} [interest|a year|per year] (over|for) {{y:count}} years",
        "(what|how much) (do i|would i|will i) pay (each|per|a|every) month (on|for) a [car|home|bank|personal] (loan|mortgage|credit) of {a:number} (at|with) {p:percent} [interest|a year|per year] (over|for) {y:count} years",
        "(what|how much) (do i|would i|will i) pay (each|per|a|every) month (on|for) a [car|home|bank|personal] (loan|mortgage|credit) of {a:number} (over|for) {y:count} years (at|with) {p:percent} [interest|a year|per year]",
    ), tool="repay_loan", arguments={"principal": "{a}", "annual_percent": "{p}", "months": "12*{y}"},
        answer="{payment:,.2f} a month"),
    Form((
        "[if] i (put|invest|save|leave|deposit) {a:number} [in the bank|in a bank|in an account] (at|with|for) {p:percent} [interest] [a year|per year|per annum|annually] [for|over] {y:count} years (how much|what) (will|do|would) (i have|it be|i get|it be worth|i end up with) [then|after that|at the end]",
        "[if] i (put|invest|save|leave|deposit) {a:number} [in the bank|in a bank|in an account] (at|with|for) {p:percent} [interest] [a year|per year|per annum|annually] (how much|what) (will|do|would) (i have|it be|i get|it be worth) (after|in) {y:count} years",
        "(what|how much) (do|does|will|would) {a:number} (grow to|become|be worth) (in|after|over) {y:count} years (at|with) {p:percent} [interest] [a year|per year]",
        "{a:number} at {p:percent} [interest|a year|per year] (for|over) {y:count} years",
    ), tool="grow_savings", arguments={"principal": "{a}", "annual_percent": "{p}", "years": "{y}"}),
    # -- ways, speeds, recipes
    Form((
        f"{_WHO} {_GO} {{d:length}} in {{t:duration}} (what is|what's|what was|whats) {_MY} [average] speed",
        f"(what is|what's|whats|calculate) {_MY} [average] speed (for|of|if i go|if i drive|if i run|when i drive) {{d:length}} in {{t:duration}}",
        "how fast (is|am i|do i go|was i|is it) {d:length} in {t:duration}",
    ), calculation="{d} / {t}"),
    Form((
        "how long (does it take|will it take|would it take|does it need|do i need) (to drive|to go|to travel|to walk|to cycle|to run|to fly|for) {d:length} at {v:speed}",
        f"{_WHO} {_GO} {{d:length}} at {{v:speed}} how long (does|did|will|would) (it take|that take|this take|the trip take)",
    ), calculation="{d} / ({v})"),
    Form((
        "how far (do i|does it|do you|will i|would i|does one|do we|will we) (get|go|travel|drive|come) in {t:duration} at {v:speed}",
        f"{_WHO} {_GO} [at] {{v:speed}} for {{t:duration}} how far (do|does|did|is|will) {{w:words}}",
    ), calculation="{v} * {t}"),
    Form((
        "(a|the|my|this) recipe for {m:count} [people|persons|servings|portions] (needs|takes|uses|calls for|requires|has) {x:number} {u:unit} how (much|many) (do i|do we|would i|will i|does one) (need|use|take) for {n:count} [people|persons|servings|portions]",
        "(a|the|my|this) recipe for {m:count} [people|persons|servings|portions] (needs|takes|uses|calls for|requires|has) {x:number} {u:unit} how (much|many) [is that|is it] for {n:count} [people|persons|servings|portions]",
        "{x:number} {u:unit} (is|are|serves|feeds|is enough for|are enough for) [for] {m:count} (people|persons|servings|portions) how (much|many) (do i|do we|would i) need for {n:count} [people|persons|servings|portions]",
    ), tool="scale_recipe", arguments={"ingredients": ["{u}"], "amounts": ["{x}"], "from_servings": "{m}", "to_servings": "{n}"}),
    Form((
        "how much (petrol|gas|gasoline|fuel|diesel) (do i|do we|does it|would i) need for {d:length} (at|with|if it takes|if it needs) {l:number} (l|litres|liters) (per|for|on|a) 100 km",
        "how many (litres|liters) (do i|do we|does it|does my car|would i) (need|use|burn) (for|on) {d:length} (at|with) {l:number} (l|litres|liters) (per|for|on|a) 100 km",
    ), calculation="({d} in km) / (100 km) * {l}"),
    # -- shapes
    *(Form((
        f"(a|the) {shape} (has|with) (a|the) {size} of {{r:length}} {_WHAT} [its|the] {what}",
        f"(a|the) {shape} (has|with) {size} {{r:length}} {_WHAT} [its|the] {what}",
        f"{_WHAT} [the] {what} of (a|the) {shape} (with|of|whose) [a|the|its] {size} [of|is] {{r:length}}",
    ), calculation=formula) for shape, size, what, formula in (
        ("circle", "radius", "area", "pi * ({r})^2"), ("circle", "radius", "circumference", "2 * pi * {r}"),
        ("circle", "diameter", "area", "pi * ({r} / 2)^2"), ("circle", "diameter", "circumference", "pi * {r}"),
        ("square", "(side|side length)", "area", "({r})^2"), ("square", "(side|side length)", "perimeter", "4 * {r}"),
        ("cube", "(side|edge|side length)", "volume", "({r})^3"), ("sphere", "radius", "volume", "4/3 * pi * ({r})^3"),
        ("sphere", "radius", "(surface|surface area)", "4 * pi * ({r})^2"),
    )),
    *(Form((
        f"(a|the|my) (rectangle|room|garden|field|floor|wall|plot|yard) (is|measures|has sides of) {{a:length}} (by|x|and|times) {{b:length}} [wide|long] {_WHAT} [its|the] {what}",
        f"(a|the|my) (rectangle|room|garden|field|floor|wall|plot|yard) (is|measures) {{a:length}} (long|wide) and {{b:length}} (long|wide) {_WHAT} [its|the] {what}",
        f"{_WHAT} [the] {what} of (a|the) (rectangle|room|garden|field|floor) (of|that is|measuring|with sides) {{a:length}} (by|x|and) {{b:length}}",
    ), calculation=formula) for what, formula in (("area", "{a} * {b}"), ("perimeter", "2 * ({a} + {b})"))),
    # -- counting and chance
    Form((
        "how many (combinations|ways|selections) (of|to choose|to pick) {k:count} [things|people|cards|items|numbers] (out of|from|of) {n:count} [things|people|cards|items|numbers] [are there]",
        "how many (ways|combinations) (are there|can you|can i) [to] (choose|pick|select) {k:count} [things|people|cards|items|numbers] (out of|from|of) {n:count} [things|people|cards|items|numbers]",
        "in how many ways can (i|you|we|one) (choose|pick|select) {k:count} [things|people|cards|items|numbers] (out of|from|of) {n:count} [things|people|cards|items|numbers]",
        "in how many ways can {k:count} [of|out of] {n:count} (things|people|cards|items|numbers) be (chosen|picked|selected)",
    ), calculation="comb({n}, {k})"),
    Form((
        "in how many ways can {n:count} (people|persons|books|things|friends) (sit in a row|stand in a row|stand in line|be arranged|be ordered|line up|queue)",
        "how many ways (can|are there to arrange|to arrange) {n:count} (people|books|things|friends) [be arranged|line up|sit in a row]",
    ), calculation="{n}!"),
    Form((
        f"{_WHAT} [the] (probability|chance|odds|likelihood) of (rolling|throwing|getting) (a|an) (six|five|four|three|two|one|6|5|4|3|2|1) {{n:count}} times in a row",
    ), calculation="1 / 6^{n}"),
    Form((
        f"{_WHAT} [the] (probability|chance|odds|likelihood) of (rolling|throwing|getting) (a|an) (six|five|four|three|two|one|6|5|4|3|2|1) twice [in a row]",
    ), calculation="1 / 6^2"),
    Form((
        f"{_WHAT} [the] (probability|chance|odds|likelihood) of (getting|flipping|tossing|throwing) (heads|tails) {{n:count}} times in a row",
    ), calculation="1 / 2^{n}"),
    Form((
        "(roll|throw) {n:count} dice", "(roll|throw) {n:count} (die|dice) for me",
    ), tool="draw_random", arguments={"choices": [], "low": 1, "high": 6, "count": "{n}"}, lasting=False),
    Form(("(roll|throw) (a|the) (die|dice)",), tool="draw_random", arguments={"choices": [], "low": 1, "high": 6, "count": 1}, lasting=False),
    Form(("(flip|toss) a coin", "heads or tails"), tool="draw_random", arguments={"choices": ["heads", "tails"]}, lasting=False),
    Form((
        "[give me|pick|choose|generate|draw] a random (number|integer) (between|from) {a:count} (and|to) {b:count}",
        "(pick|choose|think of|give me) a number (between|from) {a:count} (and|to) {b:count}",
    ), tool="draw_random", arguments={"choices": [], "low": "{a}", "high": "{b}", "count": 1}, lasting=False),
    # -- lists
    Form((
        "(sort|order|alphabetize|alphabetise) {items:list}",
        "(sort|order|arrange|put) (these|the following|this list|the words|these words|these names|these numbers|the names|the numbers) [alphabetically|in alphabetical order|in ascending order|in order|by name] {items:list}",
        "(sort|order|alphabetize|alphabetise) (alphabetically|in alphabetical order|in ascending order|ascending) {items:list}",
        "(sort|order|put|arrange) (the|these|my) (numbers|words|names|prices) {items:list} (alphabetically|in ascending order|in alphabetical order|from small to large|from low to high)",
        "(sort|order) {items:list} (alphabetically|in ascending order|in alphabetical order|from small to large|from low to high)",
    ), tool="arrange_list", arguments={"items": "{items}", "way": "sort"}),
    Form((
        "(sort|order|put|arrange) (the|these|my) (numbers|words|names|prices) {items:list} (descending|in descending order|from high to low|from large to small|from largest to smallest)",
        "(sort|order) [these|the following|these numbers|the numbers] (descending|in descending order|from high to low|from large to small|from largest to smallest) {items:list}",
        "(sort|order) {items:list} (descending|in descending order|from high to low|from large to small|from largest to smallest)",
    ), tool="arrange_list", arguments={"items": "{items}", "way": "sort descending"}),
    # -- numbers
    Form((
        "[what is|what's|write|convert] {n:count} (in|as|to|into) [a] roman (numerals|numeral|numbers)",
    ), tool="write_number", arguments={"value": "str {n}", "to_base": "roman"}),
    Form((
        "(use|take) {items:list} to (make|get|reach) 24", "make 24 (out of|from|with|using) {items:list}",
        "(can you|can i|how can i|how do i) make 24 (out of|from|with|using) {items:list}",
    ), tool="play_24", arguments={"numbers": "ints {items}"}),
)  # fmt: skip
