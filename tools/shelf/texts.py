"""Texts: counted, changed, compared; encoded and hashed; what each character is. No patterns are ever compiled."""

from __future__ import annotations

import base64
import binascii
import difflib
import hashlib
import re
import unicodedata
import urllib.parse
from collections import Counter
from collections.abc import Callable
from typing import Literal

from tools.errors import ToolError
from tools.shelf.values import Answer, chosen, several, shown, string

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_READ = "read off the given text"
_MORSE_SIGNS = (
    "A .- B -... C -.-. D -.. E . F ..-. G --. H .... I .. J .--- K -.- L .-.. M -- N -. O --- P .--. Q --.- R .-. S ... "
    "T - U ..- V ...- W .-- X -..- Y -.-- Z --.. 0 ----- 1 .---- 2 ..--- 3 ...-- 4 ....- 5 ..... 6 -.... 7 --... "
    "8 ---.. 9 ----. . .-.-.- , --..-- ? ..--.. ! -.-.-- / -..-. ( -.--. ) -.--.- & .-... : ---... = -...- + .-.-. - -....- @ .--.-."
).split()
_MORSE = dict(zip(_MORSE_SIGNS[::2], _MORSE_SIGNS[1::2]))
_LETTERS_OF_MORSE = {code: letter for letter, code in _MORSE.items()}


def count_text(text: str, find: str = "", ignore_case: bool = True) -> Answer:
    """Count words, letters, vowels, sentences and lines of a text, and how often a letter, word or phrase occurs.

    Use when: how many letters, words or times something stands in a text (such as the r in a word).
    Not for: counting items of a list (arrange_list).

    Args:
        text: the text to count in.
        find: a letter, word or phrase whose occurrences are counted; empty for none.
        ignore_case: whether A and a are the same.

    Examples:
        - How many times does the letter r occur in raspberry?
        - How many words are in this paragraph?
        - Count the vowels in encyclopaedia.
        - number of characters in "lighthouse"
        - how many s's are in possess
        - How many letters has the word cathedral?
        - Count the words of "to be or not to be".
    """
    given, wanted = string(text, "text"), string(find, "find", 1_000)
    words = _WORD.findall(given)
    counts = Counter(given.lower() if ignore_case else given)
    letters = sum(number for sign, number in counts.items() if sign.isalpha())
    value: dict[str, int] = {
        "characters": len(given), "letters": letters, "digits": sum(n for sign, n in counts.items() if sign.isdigit()),
        "vowels": sum(counts[one] for one in "aeiouAEIOU"), "words": len(words), "lines": len(given.splitlines()),
        "different_words": len({one.lower() for one in words}),
        "sentences": len([one for one in re.split(r"[.!?…]+(?:\s|$)", given) if one.strip()]),
    }  # fmt: skip
    shown_text = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in value.items() if number)
    if wanted:
        plain, needle = (given.casefold(), wanted.casefold()) if ignore_case else (given, wanted)
        whole_words = Counter(one.casefold() if ignore_case else one for one in words)[needle]
        value |= {"occurrences": plain.count(needle), "as_whole_word": whole_words}
        shown_text = f"{wanted[:60]!r} occurs {several(value['occurrences'], 'time')}"
        shown_text += f" ({whole_words:,} as a whole word)" if len(needle) > 1 else ""
    return Answer({**value}, shown_text or "the text is empty", _READ)


def change_text(
    text: str,
    change: Literal[
        "upper", "lower", "title", "reverse letters", "reverse words", "replace", "sort letters", "remove spaces"
    ],
    find: str = "",
    replacement: str = "",
) -> Answer:
    """Change a text: upper or lower case, reversed, sorted letters, or one phrase replaced by another.

    Use when: a text must be spelled backwards, capitalised, or have words replaced exactly.
    Not for: rewriting or translating.

    Args:
        text: the text to change.
        change: what is done to it.
        find: for replace: what is replaced, taken literally.
        replacement: for replace: what stands there instead.

    Examples:
        - Spell the word "lantern" backwards.
        - Write this title in capital letters.
        - Replace every "colour" by "color".
        - lowercase this: "HELLO"
        - put "good day" in all caps
        - reverse the word planet
    """
    given = string(text, "text")
    ways: dict[str, Callable[[str], str]] = {
        "upper": str.upper, "lower": str.lower, "title": _title, "reverse letters": _reversed,
        "reverse words": lambda one: " ".join(reversed(one.split())), "replace": lambda one: one,
        "sort letters": lambda one: "".join(sorted(one)), "remove spaces": lambda one: "".join(one.split()),
    }  # fmt: skip
    way = chosen(change, tuple(ways), "change")
    if way != "replace":
        changed = ways[way](given)
        return Answer(changed, changed, _READ)
    wanted, put = string(find, "find", 10_000), string(replacement, "replacement", 10_000)
    if not wanted:
        raise ToolError(f"find is {find!r}; say what is to be replaced.")
    count = given.count(wanted)
    if len(given) + count * (len(put) - len(wanted)) > 10**6:
        raise ToolError(
            f"{count:,} replacements would make more than 1,000,000 characters; give a shorter replacement."
        )
    changed = given.replace(wanted, put)
    return Answer(changed, changed, _READ, (f"{several(count, 'replacement')}",))


def _title(text: str) -> str:
    return re.sub(r"\S+", lambda match: match[0][0].upper() + match[0][1:].lower(), text)


def _reversed(text: str) -> str:
    """Reverse what a person calls letters: combining marks and joined signs stay with their base."""
    clusters: list[str] = []
    for sign in text:
        joined = clusters and (unicodedata.combining(sign) or sign in "\u200d\ufe0f" or clusters[-1].endswith("\u200d"))
        if joined:
            clusters[-1] += sign
        else:
            clusters.append(sign)
    return "".join(reversed(clusters))


def compare_texts(first: str, second: str = "") -> Answer:
    """Compare two texts: equal, anagram, edit distance, the differing lines; or say if one text is a palindrome.

    Use when: anagrams, palindromes, spelling differences or a diff of two versions are asked for.
    Not for: comparing meanings.

    Args:
        first: the first text.
        second: the second text; empty to test only whether the first is a palindrome.

    Examples:
        - Are "listen" and "silent" anagrams?
        - Is "rotavator" a palindrome?
        - How many edits turn kitten into sitting?
        - are "below" and "elbow" anagrams
        - is "level" a palindrome
    """
    one, two = string(first, "first", empty=False), string(second, "second")
    bare = [sign for sign in unicodedata.normalize("NFC", one.casefold()) if sign.isalnum()]
    palindrome = bool(bare) and bare == bare[::-1]
    if not two:
        return Answer({"palindrome": palindrome}, f"{shown(one)} is {'a' if palindrome else 'no'} palindrome", _READ)
    other = [sign for sign in unicodedata.normalize("NFC", two.casefold()) if sign.isalnum()]
    anagram = Counter(bare) == Counter(other) and bare != other
    value: dict[str, bool | int] = {
        "equal": one == two,
        "equal_ignoring_case": one.casefold() == two.casefold(),
        "anagram": anagram,
    }
    said = ["equal" if one == two else "different", "anagrams" if anagram else "no anagrams"]
    if len(one) * len(two) <= 250_000:
        value["edit_distance"] = _edits(one, two)
        said.append(f"edit distance {value['edit_distance']}")
    lines = _difference(one.splitlines(), two.splitlines()) if "\n" in one + two else ()
    return Answer({**value}, ", ".join(said), _READ, lines)


def _edits(one: str, two: str) -> int:
    before = list(range(len(two) + 1))
    for row, left in enumerate(one, start=1):
        now = [row]
        for column, right in enumerate(two, start=1):
            now.append(min(now[-1] + 1, before[column] + 1, before[column - 1] + (left != right)))
        before = now
    return before[-1]


def _difference(one: list[str], two: list[str]) -> tuple[str, ...]:
    if len(one) * len(two) > 40_000:
        return ("the lines are too many to be compared; give parts of the texts",)
    return tuple(difflib.unified_diff(one, two, "first", "second", lineterm="", n=1))[:400]


_Codec = tuple[Callable[[str], str], Callable[[str], str] | None]


def encode_text(
    text: str,
    code: Literal["base64", "hex", "url", "morse", "binary", "rot13", "sha256", "sha1", "md5", "crc32"],
    direction: Literal["encode", "decode"] = "encode",
) -> Answer:
    """Encode or decode a text as base64, hex, URL, Morse, binary or ROT13; or hash it as SHA-256, SHA-1, MD5, CRC-32.

    Use when: a text must be encoded, decoded or a checksum or hash of it is wanted.
    Not for: encryption.

    Args:
        text: the text to encode, or the code to decode; hashes are taken of its UTF-8 bytes.
        code: which code or hash.
        direction: encode or decode; hashes cannot be decoded.

    Examples:
        - Decode aGVsbG8= from base64.
        - What is SOS in Morse code?
        - Compute the SHA-256 of "hello".
        - base64 of "hello"
        - What does 4869 mean in ASCII hex?
        - md5 hash of "abc"
    """
    given, kind = string(text, "text"), chosen(code, tuple(_CODES), "code")
    encode, decode = _CODES[kind]
    if chosen(direction, ("encode", "decode"), "direction") == "encode":
        try:
            found = encode(given)
        except UnicodeEncodeError:
            raise ToolError(f"text holds half a character ({shown(given)}), which has no bytes; repair it.") from None
        except KeyError as error:
            raise ToolError(f"{error.args[0]!r} has no Morse sign; use letters A-Z, digits and . , ? only.") from None
        return Answer(found, found, f"{kind} of the text")
    if decode is None:
        raise ToolError(f"{kind} is a hash: nothing can be read back from {shown(given)}; only compare hashes.")
    try:
        found = decode(given)
    except (ValueError, KeyError, binascii.Error):
        raise ToolError(f"{shown(given)} is not {kind} of a text; check the characters and the code.") from None
    return Answer(found, found, f"decoded from {kind}")


def _rot13(text: str) -> str:
    plain = "abcdefghijklmnopqrstuvwxyz"
    turned = plain[13:] + plain[:13]
    return text.translate(str.maketrans(plain + plain.upper(), turned + turned.upper()))


def _to_morse(text: str) -> str:
    return " / ".join(" ".join(_MORSE[sign] for sign in word) for word in text.upper().split())


def _from_morse(text: str) -> str:
    plain = text.replace("·", ".").replace("−", "-").replace("–", "-")
    return " ".join("".join(_LETTERS_OF_MORSE[code] for code in word.split()) for word in plain.split("/"))


def _from_binary(text: str) -> str:
    return bytes(int(one, 2) for one in _only(text, "01 ").split()).decode()


def _only(text: str, allowed: str) -> str:
    if not set(text) <= set(allowed):
        raise ValueError("other characters")
    return text


_CODES: dict[str, _Codec] = {
    "base64": (
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.b64decode("".join(text.split()), validate=True).decode(),
    ),
    "hex": (lambda text: text.encode().hex(), lambda text: bytes.fromhex(text).decode()),
    "url": (lambda text: urllib.parse.quote(text, safe=""), lambda text: urllib.parse.unquote(text, errors="strict")),
    "morse": (_to_morse, _from_morse),
    "binary": (lambda text: " ".join(f"{byte:08b}" for byte in text.encode()), _from_binary),
    "rot13": (_rot13, _rot13),
    "sha256": (lambda text: hashlib.sha256(text.encode()).hexdigest(), None),
    "sha1": (lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(), None),
    "md5": (lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), None),
    "crc32": (lambda text: f"{binascii.crc32(text.encode()):08x}", None),
}


def describe_characters(text: str) -> Answer:
    """Name each character of a short text: its Unicode name, code point and kind.

    Use when: what a symbol, letter or emoji is called, its code point, or hidden characters are asked for.
    Not for: counting letters (count_text).

    Args:
        text: up to 200 characters.

    Examples:
        - What is the Unicode name of the sign ‰?
        - Which code point has the letter ß?
        - unicode code point of the euro sign €
    """
    given = string(text, "text", 200)
    if not given:
        raise ToolError(f"text is {shown(text)}; give the characters to be named.")
    rows = [
        (sign, f"U+{ord(sign):04X}", unicodedata.name(sign, "without a name"), unicodedata.category(sign))
        for sign in given
    ]
    lines = [f"{sign if sign.isprintable() else ' '} {point} {name}" for sign, point, name, _ in rows]
    return Answer([[*row] for row in rows], "; ".join(lines), f"Unicode {unicodedata.unidata_version}")
