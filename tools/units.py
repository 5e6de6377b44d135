"""Units of measure and exact conversion between them: a quantity is a Fraction with a product of units.

Factors are the exact defined ones (1 in = 0.0254 m, 1 lb = 0.45359237 kg). Currencies are opaque: no rates are known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tools.errors import CalculationRefused, NotAnExpression


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its symbol, what it measures, its size in the base unit, and the offset of temperatures."""

    symbol: str
    dimension: str
    factor: Fraction
    offset: Fraction = Fraction(0)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in units; `units` maps are (symbol, exponent) pairs, empty for a plain number.

    `exact` is False once an irrational value was rounded (40 digits kept); `percent` only affects + and - and display.
    """

    amount: Fraction
    units: tuple[tuple[str, int], ...] = field(default=())
    exact: bool = True
    percent: bool = False


_ROWS = """
m length 1 m metre meter
km length 1000 kilometre kilometer
dm length 1/10 decimetre decimeter
cm length 1/100 centimetre centimeter zentimeter
mm length 1/1000 millimetre millimeter
µm length 1/1000000 um micrometre micrometer micron
nm length 1/1000000000 nanometre nanometer
in length 254/10000 inch inches
ft length 3048/10000 foot feet
yd length 9144/10000 yard
mi length 1609344/1000 mile meile meilen
nmi length 1852 nautical_mile
ly length 9460730472580800 light-year lightyear light_year
kg mass 1 kilogram kilogramme kilo kilogramm
g mass 1/1000 gram gramme gramm
mg mass 1/1000000 milligram
µg mass 1/1000000000 ug microgram mcg
tonne mass 1000 t metric_ton metric_tonne
lb mass 45359237/100000000 lbs pound
oz mass 45359237/1600000000 ounce
stone mass 635029318/100000000 stones
s time 1 sec second sekunde sekunden
ms time 1/1000 millisecond
min time 60 minute mins minuten
h time 3600 hr hour hrs stunde stunden
d time 86400 day tage
wk time 604800 week woche wochen
month calendar 1 month
yr calendar 12 year
decade calendar 120 decade
century calendar 1200 century centuries
millennium calendar 12000 millennium millennia
L volume 1/1000 l litre liter ltr
dL volume 1/10000 dl decilitre deciliter
cL volume 1/100000 cl centilitre centiliter
mL volume 1/1000000 ml millilitre milliliter cc
gal volume 3785411784/1000000000000 gallon
qt volume 946352946/1000000000000 quart
pt volume 473176473/1000000000000 pint
cup volume 2365882365/10000000000000 cups
floz volume 295735295625/10000000000000000 fluid_ounce fl_oz
tbsp volume 1478676478125/100000000000000000 tablespoon
tsp volume 492892159375/100000000000000000 teaspoon
ha area 10000 hectare
acre area 40468564224/10000000 acre
mph speed 44704/100000 mph
kph speed 1000/3600 kmh
knot speed 1852/3600 knot kn
bit data 1 bit
B data 8 byte
kB data 8000 KB kb kilobyte
MB data 8000000 mb megabyte
GB data 8000000000 gb gigabyte
TB data 8000000000000 tb terabyte
PB data 8000000000000000 petabyte
kbit data 1000 kilobit
Mbit data 1000000 megabit
Gbit data 1000000000 gigabit
KiB data 8192 kibibyte
MiB data 8388608 mebibyte
GiB data 8589934592 gibibyte
TiB data 8796093022208 tebibyte
° angle 1 deg degree
K temperature 1 kelvin
°C temperature 1 celsius degC
°F temperature 5/9 fahrenheit degF
"""
_NOTES = {
    "volume": "the US measure is taken (1 US gallon = 3.785411784 L)",
    "data": "1 kB = 1,000 bytes (the standard); 1 KiB = 1,024 bytes",
}
_US_VOLUMES = ("gal", "qt", "pt", "cup", "floz", "tbsp", "tsp")
_DECIMAL_DATA = ("kB", "MB", "GB", "TB", "PB")
_OFFSETS = {"°C": Fraction(27315, 100), "°F": Fraction(45967, 100) * Fraction(5, 9)}
_CURRENCIES = {"$": "$", "€": "€", "£": "£", "¥": "¥", "usd": "$", "dollar": "$", "eur": "€", "euro": "€", "gbp": "£"}
_CURRENCIES |= {"chf": "CHF", "yen": "¥", "jpy": "¥", "cent": "cent"}
#: Base units of dimensions that are powers of another one, so that m * m converts to acres and m/s to mph.
_DERIVED = {"area": (("m", 2),), "volume": (("m", 3),), "speed": (("m", 1), ("s", -1))}
_AMBIGUOUS = {
    "ton": "'ton' means 1,000 kg, 907 kg or 1,016 kg; write tonne, or pounds.",
    "tons": "'tons' means 1,000 kg, 907 kg or 1,016 kg; write tonnes, or pounds.",
}


def _note_of(symbol: str) -> str:
    return _NOTES["volume"] if symbol in _US_VOLUMES else _NOTES["data"] if symbol in _DECIMAL_DATA else ""


def _table() -> tuple[dict[str, Unit], dict[str, str]]:
    units: dict[str, Unit] = {}
    names: dict[str, str] = {}
    for row in _ROWS.strip().splitlines():
        symbol, dimension, factor, *others = row.split()
        units[symbol] = Unit(symbol, dimension, Fraction(factor), _OFFSETS.get(symbol, Fraction(0)), _note_of(symbol))
        for name in (symbol, *others):
            names[name] = symbol
            if len(name) > 3 or name in ("day", "cup"):
                names.setdefault(name + "s", symbol)
    for name, symbol in _CURRENCIES.items():
        units.setdefault(symbol, Unit(symbol, "currency " + symbol, Fraction(1)))
        names[name] = symbol
        if len(name) > 3:
            names[name + "s"] = symbol
    return units, names


UNITS, _SYMBOLS = _table()
_SYMBOLS_LOWER = {name.lower(): symbol for name, symbol in _SYMBOLS.items() if len(name) > 2}


def unit_named(name: str) -> Unit | None:
    """Return the unit a word or symbol names (case matters for symbols of one or two letters), or None.

    Raises:
        CalculationRefused: the word is a unit that means several things.
    """
    if name.lower() in _AMBIGUOUS:
        raise CalculationRefused(_AMBIGUOUS[name.lower()])
    symbol = _SYMBOLS.get(name) or _SYMBOLS_LOWER.get(name.lower())
    return UNITS[symbol] if symbol else None


def base_of(quantity: Quantity) -> tuple[Fraction, tuple[tuple[str, int], ...]]:
    """Return the amount in base units and the dimension as sorted (base, exponent) pairs."""
    if len(quantity.units) == 1 and quantity.units[0][1] == 1:
        only = UNITS[quantity.units[0][0]]
        if only.dimension == "temperature":
            return quantity.amount * only.factor + only.offset, (("temperature", 1),)
    amount, powers = quantity.amount, dict[str, int]()
    for symbol, exponent in quantity.units:
        unit = UNITS[symbol]
        if unit.offset:
            raise CalculationRefused(f"{symbol} cannot be multiplied or divided; convert it to K first.")
        amount *= unit.factor**exponent
        for base, power in _DERIVED.get(unit.dimension, ((_base_name(unit.dimension), 1),)):
            powers[base] = powers.get(base, 0) + power * exponent
    return amount, tuple(sorted((base, power) for base, power in powers.items() if power))


def _base_name(dimension: str) -> str:
    return {"length": "m", "time": "s"}.get(dimension, dimension)


def convert(quantity: Quantity, units: tuple[tuple[str, int], ...]) -> Quantity:
    """Return the same quantity in other units, exactly.

    Raises:
        CalculationRefused: the units measure different things, or would need an exchange rate or a calendar.
    """
    amount, dimension = base_of(quantity)
    one, wanted = base_of(Quantity(Fraction(1), units))
    if dimension != wanted:
        raise CalculationRefused(_why_not(quantity.units, units, dimension, wanted))
    if len(units) == 1 and UNITS[units[0][0]].offset:
        target = UNITS[units[0][0]]
        return Quantity((amount - target.offset) / target.factor, units, quantity.exact)
    return Quantity(amount / one, units, quantity.exact)


def _why_not(
    source: tuple[tuple[str, int], ...],
    target: tuple[tuple[str, int], ...],
    dimension: tuple[tuple[str, int], ...],
    wanted: tuple[tuple[str, int], ...],
) -> str:
    from_text, to_text = units_text(source) or "a plain number", units_text(target) or "a plain number"
    names = {base for base, _ in (*dimension, *wanted)}
    if len([name for name in names if name.startswith("currency")]) > 1:
        return f"{from_text} to {to_text} needs an exchange rate, which is not known here; search the web for it."
    if "calendar" in names and "s" in names:
        return "Months and years differ in length; name the dates, or write 30 days or 365 days."
    return f"{from_text} and {to_text} measure different things."


def combine(left: Quantity, right: Quantity, sign: int) -> Quantity:
    """Multiply (`sign` 1) or divide (`sign` -1) two quantities; equal dimensions are brought to the left's units."""
    amount = left.amount * (right.amount if sign == 1 else 1 / right.amount)
    powers = dict(left.units)
    for symbol, exponent in right.units:
        same = next((have for have in powers if UNITS[have].dimension == UNITS[symbol].dimension), None)
        if UNITS[symbol].offset or (left.units and any(UNITS[have].offset for have in powers)):
            raise CalculationRefused("°C and °F cannot be multiplied or divided by other units; convert to K first.")
        target = same or symbol
        amount *= (UNITS[symbol].factor / UNITS[target].factor) ** (exponent * sign)
        powers[target] = powers.get(target, 0) + exponent * sign
    units = tuple((symbol, exponent) for symbol, exponent in powers.items() if exponent)
    return _collapsed(Quantity(amount, units, left.exact and right.exact))


def _collapsed(quantity: Quantity) -> Quantity:
    """Cancel units of one dimension under different names, such as mph * h, where lengths and times meet."""
    if not quantity.units or any(UNITS[symbol].dimension == "temperature" for symbol, _ in quantity.units):
        return quantity
    mixed = [symbol for symbol, _ in quantity.units if UNITS[symbol].dimension in _DERIVED]
    if not mixed or len(quantity.units) == 1:
        return quantity
    amount, dimension = base_of(quantity)
    units = tuple((base, power) for base, power in dimension)
    if all(base in UNITS for base, _ in units):
        nicer = {"mph": "mi", "kph": "km", "knot": "nmi"}.get(mixed[0], "m")
        if units == (("m", 1),):
            return convert(Quantity(amount, units, quantity.exact), ((nicer, 1),))
        return Quantity(amount, units, quantity.exact)
    return quantity


def units_text(units: tuple[tuple[str, int], ...]) -> str:
    """Return units as a person writes them: km/h, m^2, $."""
    over = [symbol if power == 1 else f"{symbol}^{power}" for symbol, power in units if power > 0]
    under = [symbol if power == -1 else f"{symbol}^{-power}" for symbol, power in units if power < 0]
    if not under:
        return "*".join(over)
    return ("*".join(over) or "1") + "/" + "/".join(under)


def same_dimension(left: Quantity, right: Quantity) -> bool:
    """Say whether the two can be added or compared."""
    return base_of(left)[1] == base_of(right)[1]


def require_unit(name: str) -> Unit:
    """Return the unit a word names.

    Raises:
        NotAnExpression: it names none.
    """
    unit = unit_named(name)
    if unit is None:
        raise NotAnExpression(f"{name!r} is not a unit I know.")
    return unit
