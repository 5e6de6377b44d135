"""Everyday measures: units converted, shapes measured, distances, a recipe scaled, a journey's fuel, a bill split."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from tools.errors import ToolError
from tools.results import text_of
from tools.shelf.values import Answer, chosen, decimals, exact, number, numbers, plain, shown, string, strings, whole
from tools.units import UNITS, Quantity, convert, require_unit

_EARTH_KM = 6371.0088
_PI = Fraction("3.14159265358979323846264338327950288")
_ROUND = "computed with π to 35 digits"
#: Shape: the names of its sizes, and its formulas as shown.
_SHAPES: dict[str, tuple[tuple[str, ...], str]] = {
    "square": (("side",), "side²"),
    "rectangle": (("length", "width"), "length × width"),
    "triangle": (("first side", "second side", "third side"), "Heron: √(s(s-a)(s-b)(s-c))"),
    "circle": (("radius",), "π × radius²"),
    "trapezoid": (("first parallel side", "second parallel side", "height"), "(a + b) / 2 × height"),
    "cube": (("edge",), "edge³"),
    "box": (("length", "width", "height"), "length × width × height"),
    "sphere": (("radius",), "4/3 × π × radius³"),
    "cylinder": (("radius", "height"), "π × radius² × height"),
    "cone": (("radius", "height"), "π × radius² × height / 3"),
}


def convert_units(amount: float, source: str, target: str) -> Answer:
    """Convert an amount from one unit of measure into another.

    Use when: length, mass, volume, area, speed, time, data size or temperature must be in another unit.
    Not for: currencies (search the web for the rate), time zones.

    Args:
        amount: how much, in the source unit.
        source: unit it is in, such as mi, kg, cup, °F, mph.
        target: unit wanted, such as km, lb, mL, °C, kph.

    Examples:
        - How many kilometres are 26.2 miles?
        - Turn 350 degrees Fahrenheit into Celsius.
        - What is 12 stone in kilograms?
        - He is 6 ft 2, how tall is that in centimetres?
        - 2 tablespoons in ml
    """
    value = exact(amount, "amount")
    from_unit, to_unit = (
        require_unit(string(one, name, 40, empty=False).strip())
        for one, name in ((source, "source"), (target, "target"))
    )
    if from_unit.dimension == "temperature" and value * from_unit.factor + from_unit.offset < 0:
        raise ToolError(f"{number(value)} {from_unit.symbol} is below absolute zero; check the amount {shown(amount)}.")
    result = convert(Quantity(value, ((from_unit.symbol, 1),)), ((to_unit.symbol, 1),))
    notes = tuple(sorted({UNITS[one.symbol].note for one in (from_unit, to_unit)} - {""}))
    text = f"{number(value)} {from_unit.symbol} = {text_of(result)}"
    return Answer(plain(result.amount), text, "computed from the defined size of the units", notes)


def measure_shape(
    shape: Literal[
        "square", "rectangle", "triangle", "circle", "trapezoid", "cube", "box", "sphere", "cylinder", "cone"
    ],
    sizes: list[float],
) -> Answer:
    """Compute the area and perimeter of a flat shape, or the volume and surface of a solid.

    Use when: an area, circumference, perimeter, volume or surface is asked for and the sizes are given.
    Not for: distances between points.

    Args:
        shape: which shape.
        sizes: its sizes in one unit: side; length, width; three sides; radius; a, b, height; edge; radius, height.

    Examples:
        - What is the area of a circle with radius 3 cm?
        - How much water fits in a cylinder of radius 2 and height 5?
        - What is the area of a triangle with sides 5, 6 and 7?
        - area of a rectangle 4 by 6
        - How many litres fit into an aquarium of 60 x 30 x 35 cm?
    """
    kind = chosen(shape, tuple(_SHAPES), "shape")
    names, formula = _SHAPES[kind]
    given = numbers(sizes, "sizes", 1, 9)
    if len(given) != len(names):
        raise ToolError(
            f"A {kind} needs {len(names)} sizes ({', '.join(names)}), {len(given)} were given: {shown(sizes)}."
        )
    if min(given) <= 0:
        raise ToolError(f"sizes are {shown(sizes)}; every size of a {kind} must be greater than 0.")
    if max(given) > 10**30:
        raise ToolError(f"A size of {shown(sizes)} is beyond 10^30; use a larger unit.")
    first, second = (
        _flat(kind, given)
        if kind in ("square", "rectangle", "triangle", "circle", "trapezoid")
        else _solid(kind, given)
    )
    labels = (
        ("area", "perimeter")
        if kind in ("square", "rectangle", "triangle", "circle", "trapezoid")
        else ("volume", "surface")
    )
    found = {label: value for label, value in zip(labels, (first, second)) if value is not None}
    text = f"{kind} of {', '.join(f'{name} {number(size)}' for name, size in zip(names, given))}: "
    text += ", ".join(f"{label} {_near(value)}" for label, value in found.items())
    return Answer({label: plain(value) for label, value in found.items()}, text, _ROUND, (f"{labels[0]} = {formula}",))


def _flat(kind: str, size: Sequence[Fraction]) -> tuple[Fraction, Fraction | None]:
    if kind == "square":
        return size[0] ** 2, 4 * size[0]
    if kind == "rectangle":
        return size[0] * size[1], 2 * (size[0] + size[1])
    if kind == "circle":
        return _PI * size[0] ** 2, 2 * _PI * size[0]
    if kind == "trapezoid":
        return (size[0] + size[1]) / 2 * size[2], None
    half = sum(size, Fraction(0)) / 2
    square = half * (half - size[0]) * (half - size[1]) * (half - size[2])
    if min(half - one for one in size) <= 0:
        raise ToolError(f"No triangle has the sides {', '.join(map(number, size))}: two must be longer than the third.")
    return root(square), 2 * half


def _solid(kind: str, size: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    if kind == "cube":
        return size[0] ** 3, 6 * size[0] ** 2
    if kind == "box":
        a, b, c = size
        return a * b * c, 2 * (a * b + b * c + c * a)
    if kind == "sphere":
        return Fraction(4, 3) * _PI * size[0] ** 3, 4 * _PI * size[0] ** 2
    radius, height = size
    if kind == "cylinder":
        return _PI * radius**2 * height, 2 * _PI * radius * (radius + height)
    return _PI * radius**2 * height / 3, _PI * radius * (radius + root(radius**2 + height**2))


def root(value: Fraction) -> Fraction:
    """Return the square root: exact where it is rational, else to about 30 digits."""
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    scale = 10**30 * max(1, 10 ** (len(str(value.denominator)) - len(str(value.numerator)) + 1) if value < 1 else 1)
    return Fraction(math.isqrt(value.numerator * scale * scale // value.denominator), scale)


def _near(value: Fraction) -> str:
    return number(value) if value.denominator <= 10**6 else f"≈ {float(value):.8g}"


def find_distance(first: list[float], second: list[float], surface: Literal["flat", "earth"] = "flat") -> Answer:
    """Compute the straight distance between two points, or the distance over the Earth between two coordinates.

    Use when: two points with coordinates, or two places with latitude and longitude, are given.
    Not for: road distances or places without coordinates (search the web).

    Args:
        first: coordinates of the first point; latitude, longitude in degrees for earth.
        second: coordinates of the second point.
        surface: flat for points in a plane or in space, earth for latitude and longitude.

    Examples:
        - How far is the point (1, 2) from (4, 6)?
        - What is the great-circle distance between 52.5, 13.4 and 48.9, 2.35?
        - distance between (0, 0) and (3, 4)
    """
    a, b = numbers(first, "first", 1, 100), numbers(second, "second", 1, 100)
    if len(a) != len(b):
        raise ToolError(f"first has {len(a)} coordinates and second {len(b)}; give as many for both.")
    if max(map(abs, a + b)) > 10**100:
        raise ToolError(f"A coordinate of {shown(first)} or {shown(second)} is beyond 10^100; use a larger unit.")
    if chosen(surface, ("flat", "earth"), "surface") == "flat":
        length = root(sum(((x - y) ** 2 for x, y in zip(a, b)), Fraction(0)))
        text = f"The distance is {_near(length)}."
        return Answer(plain(length), text, "computed: Pythagoras", ("√ of the sum of squared differences",))
    if len(a) != 2 or any(abs(one[0]) > 90 or abs(one[1]) > 180 for one in (a, b)):
        raise ToolError(
            f"{shown(first)} and {shown(second)} are not latitude (-90 to 90), longitude (-180 to 180); check them."
        )
    lat1, lon1, lat2, lon2 = (math.radians(float(one)) for one in (*a, *b))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    km = 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))
    source = f"computed: haversine on a sphere of radius {_EARTH_KM} km; the true Earth differs by up to 0.6 %"
    return Answer(round(km, 3), f"about {km:,.1f} km ({km / 1.609344:,.1f} miles) over the Earth", source)


def split_bill(total: float, people: int, tip_percent: float = 0) -> Answer:
    """Split a bill evenly among people, with a tip; shares are whole cents and add up.

    Use when: a restaurant bill, rent or cost is shared and a tip may be added.
    Not for: loans or value added tax.

    Args:
        total: the bill before the tip, in money.
        people: how many share it.
        tip_percent: tip in percent of the bill.

    Examples:
        - Four of us pay 86.40 with 10% tip; what does each one pay?
        - What is an 18 percent tip on 52.50?
        - The bill was 96 for 3 people with 15% tip, how much each?
    """
    bill = exact(total, "total", 0, 10**12)
    count = whole(people, "people", 1, 10_000)
    tip = bill * exact(tip_percent, "tip_percent", 0, 1000) / 100
    cents = round_half_up((bill + tip) * 100)
    share, left = divmod(cents, count)
    each = decimals(Fraction(share, 100))
    text = f"{decimals(bill)} plus {decimals(tip)} tip is {decimals(Fraction(cents, 100))}: "
    text += (
        f"{each} each" if not left else f"{left} pay {decimals(Fraction(share + 1, 100))}, {count - left} pay {each}"
    )
    value = {"tip": plain(tip), "total": cents / 100, "each": share / 100, "who_pay_a_cent_more": left}
    return Answer({**value}, text, "computed exactly, rounded to cents")


def round_half_up(value: Fraction) -> int:
    """Return the nearest whole number, halves away from zero."""
    size = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return size if value >= 0 else -size


def plan_fuel(distance_km: float, litres_per_100_km: float, price_per_litre: float = 0) -> Answer:
    """Compute the fuel a journey needs and what it costs.

    Use when: a distance and a consumption are given and litres or the cost of driving are asked for.
    Not for: current fuel prices (search the web).

    Args:
        distance_km: length of the journey in kilometres.
        litres_per_100_km: consumption in litres for 100 km.
        price_per_litre: price of a litre, 0 if unknown.

    Examples:
        - How much petrol do I need for 420 km at 6.5 litres per 100 km?
        - What does a 300 km drive cost at 7 L/100 km and 1.80 a litre?
        - How many litres will my car burn on 500 km if it takes 6 l per 100 km?
    """
    litres = exact(distance_km, "distance_km", 0, 10**9) * exact(litres_per_100_km, "litres_per_100_km", 0, 10**4) / 100
    cost = litres * exact(price_per_litre, "price_per_litre", 0, 10**6)
    text = f"{number(litres)} litres" + (f", which cost {decimals(cost)}" if cost else "")
    return Answer(
        {"litres": plain(litres), "cost": plain(cost)}, text, "computed exactly: distance × consumption / 100"
    )


def scale_recipe(ingredients: list[str], amounts: list[float], from_servings: float, to_servings: float) -> Answer:
    """Scale the amounts of a recipe from one number of servings to another.

    Use when: a recipe for some people or portions must be cooked for more or fewer.
    Not for: finding recipes.

    Args:
        ingredients: names with units, such as "g flour".
        amounts: the amount of each ingredient, in the same order.
        from_servings: servings the recipe is for.
        to_servings: servings wanted.

    Examples:
        - The pancakes take 250 g flour and 3 eggs for 4 people; how much for 6?
        - Halve this recipe: 500 ml milk, 2 eggs.
        - The recipe for 2 needs 150 g rice and 1 onion. How much for 5 people?
    """
    names, given = strings(ingredients, "ingredients", 1, 200), numbers(amounts, "amounts", 1, 200)
    if len(names) != len(given):
        raise ToolError(f"There are {len(names)} ingredients and {len(given)} amounts; give one amount for each.")
    factor = exact(to_servings, "to_servings", 0.01, 10**6) / exact(from_servings, "from_servings", 0.01, 10**6)
    scaled = {name: amount * factor for name, amount in zip(names, given)}
    text = "; ".join(f"{number(amount)} {name}" for name, amount in scaled.items())
    return Answer({name: plain(one) for name, one in scaled.items()}, text, f"computed: each amount × {number(factor)}")
