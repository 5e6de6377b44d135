"""Puzzles about unknown numbers ("three times a number plus 4 is 19") as equations, or None where a word is left over.

Reads one unknown number, two numbers with their sum, difference, product or ratio, and consecutive numbers.
"""

from __future__ import annotations

import re

from tools.reading_amounts import MULTIPLE, NUMBER, multiple, number

_UNKNOWN = r"(?:(?:a|the|this|that|some|my|an unknown|a certain|the same|the original) number|it|x)"
_IS = r"(?: is equal to | is the same as | equals | is | gives | makes | = )"
_RESULT = r"(?:,? ?(?:the (?:result|answer|sum|total|product|difference) (?:is|equals)|you get|i get|we get|the result will be))"
_ASK = re.compile(
    r"(?:what(?: is|'s)|find|determine|name)(?: the value of)? (?:the|this|that|my|his|her) (?:original )?number"
    r"|what number (?:is it|am i thinking of|did i think of|was it|is this|did (?:he|she|i) (?:start|begin) with)|what is (?:x|it)",
)
_MORE = re.compile(rf"(?P<n>{NUMBER}) (?P<how>more|greater|less|fewer|smaller) than (?P<rest>.+)")
_LEAD = re.compile(rf"(?P<m>{MULTIPLE})(?: of)? (?P<rest>.+)")
_ADD = re.compile(r" (?:plus|\+|increased by|-|minus|decreased by|reduced by|diminished by|less) ")
_PAIR = re.compile(r"(?:the )?(?P<kind>sum|difference|product|quotient) (?:of|between) (?P<rest>.+)")
_STEPS = (
    (re.compile(rf"(?:i )?(?:multiply|multiplied)(?: {_UNKNOWN}| the result)? by (?P<n>.+)"), "({0}) * {n}"),
    (re.compile(rf"(?:i )?(?:divide|divided)(?: {_UNKNOWN}| the result)? by (?P<n>.+)"), "({0}) / {n}"),
    (re.compile(rf"(?:i )?(?:double|doubled)(?: {_UNKNOWN}| the result)?"), "({0}) * 2"),
    (re.compile(rf"(?:i )?(?:triple|tripled)(?: {_UNKNOWN}| the result)?"), "({0}) * 3"),
    (re.compile(rf"(?:i )?(?:halve|halved)(?: {_UNKNOWN}| the result)?"), "({0}) / 2"),
    (re.compile(rf"(?:i )?(?:add|added) (?P<n>.+?)(?: to (?:{_UNKNOWN}|the result))?"), "({0}) + {n}"),
    (re.compile(rf"(?:i )?(?:subtract|subtracted|take away) (?P<n>.+?)(?: from (?:{_UNKNOWN}|the result))?"), "({0}) - {n}"),
    (re.compile(r"(?:increased by|plus) (?P<n>.+)"), "({0}) + {n}"),
    (re.compile(r"(?:decreased by|reduced by|minus) (?P<n>.+)"), "({0}) - {n}"),
    (re.compile(r"(?P<n>.+?) is added(?: to (?:it|the result|the product))?"), "({0}) + {n}"),
    (re.compile(r"(?P<n>.+?) is subtracted(?: from (?:it|the result|the product))?"), "({0}) - {n}"),
    (re.compile(r"(?:the result )?is (?P<inner>(?:multiplied|divided|increased|decreased|doubled|tripled|halved).*)"), ""),
)  # fmt: skip
_TURNED = re.compile(
    rf"(?:if|when) (?:i |you |we )?(?P<verb>add|subtract) (?P<n>{NUMBER}) (?:to|from) (?P<rest>.+?){_RESULT} (?P<value>.+)"
)
_PASSIVE = re.compile(
    rf"(?:if|when) (?P<n>{NUMBER}) is (?P<verb>added to|subtracted from) (?P<rest>.+?){_RESULT} (?P<value>.+)"
)
_CHAIN = re.compile(rf"(?:if|when) (?:i |you |we )?(?P<start>{_UNKNOWN} is |)(?P<steps>.+?){_RESULT} (?P<value>.+)")
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def number_puzzle(text: str) -> str | None:
    """Return the equations of a puzzle about unknown numbers (lower case, one line), or None."""
    sentences = [
        one.strip(" ,") for one in re.split(r"(?<!\d)[.?!]+(?:\s|$)|[.?!]+(?:\s|$)(?!\d)", text) if one.strip(" ,")
    ]
    if not sentences:
        return None
    question = sentences[-1]
    told = sentences[:-1]
    turned = re.fullmatch(rf"(.+?),? (?:then )?((?:{_ASK.pattern}).*)", question)
    if not told and turned:  # "If … is 19, what is the number"
        told, question = [turned.group(1)], turned.group(2)
    for read in (_consecutive, _two_numbers, _one_number):
        lines = read(told, question)
        if lines:
            return lines
    return None


def _one_number(told: list[str], question: str) -> str | None:
    if not _ASK.fullmatch(question) or not told:
        return None
    if re.fullmatch(r"(?:i (?:am thinking|think|thought|'m thinking)|i'm thinking|think) of a number", told[0]):
        equation = _thought(told[1:])
    elif len(told) == 1:
        equation = _equation(told[0])
    else:
        return None
    return f"{equation}\n? number" if equation else None


def _thought(told: list[str]) -> str | None:
    """ "I double it and add 3. The result is 17." """
    if not told:
        return None
    body = ", ".join(told).removeprefix("if ")
    found = re.fullmatch(rf"(.+?)(?: and|,| then)*{_RESULT} (.+)", body)
    if not found:
        return None
    chained, value = _chained("number", found.group(1)), number(found.group(2))
    return f"{chained} = {value}" if chained and value else None


def _chained(start: str, steps: str) -> str | None:
    """Apply steps in the order they are told."""
    expression = start
    for step in re.split(r",? (?:and )?then |, and |, | and ", steps.strip(" ,")):
        applied = _step(expression, step.strip())
        if applied is None:
            return None
        expression = applied
    return expression


def _step(expression: str, step: str) -> str | None:
    for shape, pattern in _STEPS:
        found = shape.fullmatch(step)
        if not found:
            continue
        groups = found.groupdict()
        if "inner" in groups:
            return _step(expression, found.group("inner"))
        amount = number(groups["n"]) if groups.get("n") else ""
        if amount is not None:
            return pattern.format(expression, n=amount)
    return None


def _equation(text: str) -> str | None:
    for shape in (_TURNED, _PASSIVE):
        found = shape.fullmatch(text)
        if found:
            amount, rest, value = number(found["n"]), _expression(found["rest"]), _expression(found["value"])
            sign = "+" if found["verb"].startswith("add") else "-"
            return f"{rest} {sign} {amount} = {value}" if amount and rest and value else None
    found = _CHAIN.fullmatch(text)
    if found:
        steps = found["steps"]
        if not found["start"] and not re.search(rf"\b{_UNKNOWN}\b", steps.split(" and ")[0].split(",")[0]):
            return None
        chained, value = _chained("number", steps), _expression(found["value"])
        if chained and value:
            return f"{chained} = {value}"
    text = re.sub(r"^(?:if|suppose(?: that)?|given that) ", "", text)
    places = [found for found in re.finditer(_IS, text)]
    for place in places:
        left, right = _expression(text[: place.start()]), _expression(text[place.end() :])
        if left and right and "number" in left + right:
            return f"{left} = {right}"
    return None


def _expression(text: str, depth: int = 0) -> str | None:
    """Return an expression in words as text for equations; None where it reads two ways or a word is left over."""
    text = text.strip(" ,")
    if depth > 8 or not text:
        return None
    simple = _simple(text)
    if simple:
        return simple
    found = _MORE.fullmatch(text)
    if found and number(found["n"]):
        if _ADD.search(found["rest"]):
            return None  # "4 less than twice a number plus 2"
        rest = _expression(found["rest"], depth + 1)
        sign = "+" if found["how"] in ("more", "greater") else "-"
        return f"({rest} {sign} {number(found['n'])})" if rest else None
    found = _PAIR.fullmatch(text)
    if found:
        return _paired(found["kind"], found["rest"], depth)
    for place in reversed(list(_ADD.finditer(text))):
        left, right = _expression(text[: place.start()], depth + 1), _term(text[place.end() :], depth + 1)
        if left and right:
            sign = "+" if place.group().strip() in ("plus", "+", "increased by") else "-"
            return f"({left} {sign} {right})"
    return _term(text, depth)


def _paired(kind: str, rest: str, depth: int) -> str | None:
    """ "the sum of A and B": read only where one "and" splits it so that both sides are simple enough."""
    parts = rest.split(" and ")
    if len(parts) != 2 or _ADD.search(parts[1]):
        return None
    left, right = _expression(parts[0], depth + 1), _expression(parts[1], depth + 1)
    sign = {"sum": "+", "difference": "-", "product": "*", "quotient": "/"}[kind]
    return f"({left} {sign} {right})" if left and right else None


def _term(text: str, depth: int) -> str | None:
    text = text.strip(" ,")
    simple = _simple(text)
    if simple or depth > 8:
        return simple
    found = _LEAD.fullmatch(text)
    if found:
        factor, rest = multiple(found["m"]), _term(found["rest"], depth + 1)
        if factor and rest:
            return f"{factor} * {rest}"
    found = _PAIR.fullmatch(text)
    if found:
        return _paired(found["kind"], found["rest"], depth + 1)
    found = re.fullmatch(r"(?:the )?square of (.+)|(.+) squared", text)
    if found:
        base = _simple(found.group(1) or found.group(2))
        return f"{base}^2" if base else None
    for word, sign in (("times", "*"), ("multiplied by", "*"), ("divided by", "/")):
        left, middle, right = text.rpartition(f" {word} ")
        if middle:
            first, second = _term(left, depth + 1), _simple(right)
            return f"({first} {sign} {second})" if first and second else None
    return None


def _simple(text: str) -> str | None:
    if re.fullmatch(_UNKNOWN, text):
        return "number"
    return number(text)


def _two_numbers(told: list[str], question: str) -> str | None:
    """Two numbers by any two of sum, difference, product, and how one follows from the other."""
    asked = re.fullmatch(
        r"(?:what(?: is|'s)|find) the (larger|smaller|bigger|greater|lesser|lower|smallest|largest)(?: of the two)?(?: numbers?| one)?(?: of the two)?"
        r"|(?:what are|find) the(?:se)?(?: two)? numbers|what are they",
        question,
    )
    if not asked or not told:
        return None
    body = ". ".join(told)
    body = re.sub(r"^(?:there are )?two (?:positive |whole )?numbers (?:that )?|^if ", "they ", body)
    clauses = [
        one.strip()
        for one in re.split(r"\. |, and | and (?=(?:their|have|differ|the|one|it|its)\b)|, ", body)
        if one.strip()
    ]
    lines = [line for clause in clauses for line in [_pair_clause(clause)]]
    if len(lines) < 2 or None in lines:
        return None
    larger = asked.group(1) in ("larger", "bigger", "greater", "largest")
    wanted = ["? larger", "? smaller"] if not asked.group(1) else ["? larger" if larger else "? smaller"]
    return "\n".join([*(line for line in lines if line), "larger >= smaller", *wanted])


def _pair_clause(clause: str) -> str | None:
    clause = re.sub(r"^(?:they|their|whose|have) ", "", clause).strip()
    shapes = (
        (r"(?:add up to|sum to|total|add to|a sum of|have a sum of|(?:the )?sum (?:of (?:the )?two numbers )?(?:is|of)) (?P<n>.+)", "larger + smaller = {n}"),
        (r"(?:differ by|a difference of|have a difference of|(?:the )?difference (?:between (?:the )?(?:two )?numbers |of (?:the )?two numbers )?(?:is|of)) (?P<n>.+)",
         "larger - smaller = {n}"),
        (r"(?:multiply to|a product of|have a product of|(?:the )?product (?:of (?:the )?two numbers )?(?:is|of)) (?P<n>.+)", "larger * smaller = {n}"),
    )  # fmt: skip
    for shape, pattern in shapes:
        found = re.fullmatch(shape, clause)
        if found:
            amount = number(found["n"])
            return pattern.format(n=amount) if amount else None
    found = re.fullmatch(
        r"(?:one|the (?:larger|bigger|greater|first))(?: number)? is (?P<rest>.+?) (?:the other|another|the smaller|the second)(?: number| one)?",
        clause,
    )
    if not found:
        return None
    rest = found["rest"]
    more = re.fullmatch(rf"(?P<n>{NUMBER}) (?:more|greater|larger|bigger) than", rest)
    amount = number(more["n"]) if more else None
    if amount:
        return f"larger = smaller + {amount}"
    factor = multiple(rest.removesuffix(" as large as").removesuffix(" as big as"))
    # "One is half the other" names the smaller one first.
    if factor and factor.isdigit() and int(factor) > 1:
        return f"larger = {factor} * smaller"
    return f"smaller = {factor} * larger" if factor == "1/2" and "the larger" not in clause else None


def _consecutive(told: list[str], question: str) -> str | None:
    if len(told) != 1:
        return None
    found = re.fullmatch(
        r"(?:the )?(?P<kind>sum|product) of (?P<count>two|three|four|five|six) (?P<sign>positive )?consecutive (?P<same>even |odd )?"
        r"(?P<signed>positive )?(?:integers|numbers|whole numbers|natural numbers) is (?P<n>.+)",
        told[0],
    )
    asked = re.fullmatch(
        r"(?:what(?: is|'s)|find) the (?P<which>smallest|largest|middle|first|last|lowest|greatest|biggest|smaller|larger)"
        r"(?: of (?:the|these)(?: \w+)?)?(?: (?:integer|number|one))?|(?:what are|find) the(?:se)?(?: \w+)? (?:integers|numbers)|what are they|which (?:numbers )?are they",
        question,
    )
    amount = number(found["n"]) if found else None
    if not found or not asked or not amount:
        return None
    count, step = _COUNTS[found["count"]], 2 if found["same"] else 1
    names = [f"first + {at * step}" if at else "first" for at in range(count)]
    lines = [f"{' + '.join(names) if found['kind'] == 'sum' else ' * '.join(f'({one})' for one in names)} = {amount}"]
    parity = {"even ": "first = 2 * half", "odd ": "first = 2 * half + 1"}.get(found["same"] or "")
    lines += ["integer first", *([parity, "integer half"] if parity else [])]
    if found["sign"] or found["signed"]:
        lines.append("first > 0")
    which = asked["which"]
    if which == "middle" and count % 2 == 0:
        return None
    place = {"largest": -1, "last": -1, "greatest": -1, "biggest": -1, "larger": -1, "middle": count // 2}.get(
        which or "", 0
    )
    wanted = [names[place]] if which else names
    return "\n".join([*lines, *(f"? {one}" for one in wanted)])
