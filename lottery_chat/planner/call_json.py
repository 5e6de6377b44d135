"""Read JSON as small models write it: single quotes, bare keys, commas too many or missing, a brace left out at the end.

One pass, no regular expressions over the whole, no evaluation. What cannot be meant as JSON raises ValueError.
"""

from __future__ import annotations

from typing import Any

_DEEPEST = 40
_SPACE = " \t\r\n"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS = {"true": True, "false": False, "null": None, "none": None, "nan": None, "undefined": None}
_LONGEST_KEY = 200
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "`": "`"}
_ENDS = frozenset(_QUOTES) | frozenset(_QUOTES.values())


def read_lenient(text: str, start: int = 0) -> tuple[Any, int]:
    """The value that begins at `start`, and where it ends.

    Raises:
        ValueError: no object or list begins there, or it is nested more than 40 deep.
    """
    if text[start : start + 1] not in ("{", "["):
        raise ValueError(f"No object begins with {text[start : start + 10]!r}.")
    reader = _Reader(text, start)
    return reader.value(0), reader.at


class _Reader:
    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at

    def _peek(self) -> str:
        while self.at < len(self.text) and self.text[self.at] in _SPACE:
            self.at += 1
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError(f"Nested more than {_DEEPEST} deep.")
        first = self._peek()
        if first == "{":
            return self._object(depth)
        if first == "[":
            return self._list(depth)
        return self._string() if first in _QUOTES else self._bare()

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.at += 1
        while (first := self._peek()) not in ("}", ""):
            if first in ",;":
                self.at += 1
                continue
            if first in "]<":  # closed by the wrong bracket, or the wrapping goes on
                return found
            key = self._key(quoted=first in _QUOTES)
            self._colon(key)
            found[key] = self.value(depth + 1) if self._peek() not in (",", "}", "") else None
        self.at += first == "}"
        return found

    def _list(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self.at += 1
        while (first := self._peek()) not in ("]", ""):
            if first in ",;":
                self.at += 1
            elif first in "}<":
                return found
            else:
                found.append(self.value(depth + 1))
        self.at += first == "]"
        return found

    def _string(self) -> str:
        end = _QUOTES[self.text[self.at]]
        opened = self.text[self.at]
        self.at += 1
        letters: list[str] = []
        while self.at < len(self.text):
            letter = self.text[self.at]
            self.at += 1
            if letter == "\\":
                letters.append(self._escaped())
            elif letter == end and not (opened in "'‘" and self._inside_a_word()):
                return "".join(letters)
            else:
                letters.append(letter)
        return "".join(letters)  # cut off: what is there is what there is

    def _inside_a_word(self) -> bool:
        """Whether an apostrophe stands between letters, as in 'it's'."""
        before, after = self.text[self.at - 2 : self.at - 1], self.text[self.at : self.at + 1]
        return before.isalpha() and after.isalpha()

    def _escaped(self) -> str:
        letter = self.text[self.at : self.at + 1]
        self.at += 1
        if letter == "u":
            digits = self.text[self.at : self.at + 4]
            if len(digits) == 4 and all(one in "0123456789abcdefABCDEF" for one in digits):
                self.at += 4
                return chr(int(digits, 16))
        return _ESCAPES.get(letter, letter)

    def _key(self, quoted: bool) -> str:
        """A key, up to the quote or the colon that ends it: a quote too few or too many is passed over."""
        self.at += quoted
        begun = self.at
        while self.at < len(self.text) and self.at - begun < _LONGEST_KEY:
            letter = self.text[self.at]
            if letter in _ENDS or letter in ":,{}[]\n" or (letter in " =" and not quoted):
                break
            self.at += 1
        key = self.text[begun : self.at].strip()
        if not key:
            raise ValueError(f"No key begins with {self.text[begun : begun + 10]!r}.")
        self.at += self.text[self.at : self.at + 1] in _ENDS
        return key

    def _colon(self, key: str) -> None:
        """The colon after a key; one wrong letter there, or none before an object or a string, is passed over."""
        letter = self._peek()
        if letter not in (":", "=") and self.text[self.at + 1 : self.at + 2] == ":":
            self.at += 1
        if self._peek() in (":", "="):
            self.at += 1
        elif letter not in ("{", "[") and letter not in _QUOTES:
            raise ValueError(f"After the key {key!r} stands no colon.")

    def _bare(self) -> Any:
        begun = self.at
        while self.at < len(self.text) and self.text[self.at] not in ",;}]\n<":
            self.at += 1
        word = self.text[begun : self.at].strip()
        if not word:
            raise ValueError(f"No value begins with {self.text[begun : begun + 10]!r}.")
        if word.lower() in _WORDS:
            return _WORDS[word.lower()]
        return _number(word)


def _number(word: str) -> Any:
    """A number where the word is one that JSON could hold; else the word itself."""
    digits = word.replace("_", "")
    if len(digits) <= 40 and digits.isascii():
        for read in (int, float):
            try:
                value = read(digits)
            except ValueError:
                continue
            return value if value == value and abs(value) != float("inf") else word
    return word
