"""Sixty first-order texts in words of our own, in freer sentences: none is answered wrongly, and most are read."""

from __future__ import annotations

import time
from functools import cache

import pytest

from lottery_chat.children import run_limited
from tools.logic.result import LogicResult
from tools.logic.tool import solve

T, F, U = "True", "False", "Unknown"

#: (premises, statement, the verdict a careful reader gives)
TEXTS = [
    # passive and active, participles, agents
    ("The lantern was painted by Odile. Whoever painted the lantern is proud.", "Odile is proud.", T),
    ("Every bridge designed by Marlow is safe. The Arch is a bridge. The Arch was designed by Marlow.", "The Arch is safe.", T),
    ("Every bridge designed by Marlow is safe. The Arch is a bridge. The Arch was designed by Quill.", "The Arch is safe.", U),
    ("Tapestries are admired by visitors. Everything that is admired by visitors is insured. Item Nine is a tapestry.", "Item Nine is insured.", T),
    ("No ferry repaired by Sten leaks. The Gull leaks. The Gull is a ferry.", "The Gull was repaired by Sten.", F),
    ("Ilka has repaired the clock. If Ilka repaired the clock, then the tower is open.", "The tower is open.", T),
    ("The vault has been sealed by Bruno. If Bruno sealed the vault, the coins are safe.", "The coins are safe.", T),
    # only, the only
    ("Only surgeons enter the ward. Petra enters the ward.", "Petra is a surgeon.", T),
    ("Only surgeons enter the ward. Petra is a surgeon.", "Petra enters the ward.", U),
    ("The only things that glow are lamps. The pebble glows.", "The pebble is a lamp.", T),
    ("The only people who vote are citizens. Ruben is not a citizen.", "Ruben votes.", F),
    # unless, as long as, when, only if
    ("The orchard is closed unless the warden is present. The orchard is not closed.", "The warden is present.", T),
    ("Unless the valve is open, the pump stops. The valve is not open.", "The pump stops.", T),
    ("The choir sings as long as Irma conducts. Irma conducts.", "The choir sings.", T),
    ("Toby is cheerful when it snows. It snows.", "Toby is cheerful.", T),
    ("Toby is cheerful only if Nadia is present. Nadia is not present.", "Toby is cheerful.", F),
    ("If and only if a guest pays, the guest sleeps in the hostel. Omar is a guest. Omar does not pay.", "Omar sleeps in the hostel.", F),
    # either-or, not both, neither-nor
    ("Every student either rows or fences. Pavel is a student. Pavel does not row.", "Pavel fences.", T),
    ("Every student either rows or fences. Pavel is a student. Pavel rows.", "Pavel fences.", F),
    ("Lotte is a weaver or a potter, but not both. Lotte is a weaver.", "Lotte is a potter.", F),
    ("Lotte is a weaver or a potter. Lotte is a weaver.", "Lotte is a potter.", U),
    ("Guests either complain or are pleased, but not both. Yusuf is a guest. Yusuf complains.", "Yusuf is pleased.", F),
    ("Neither Selma nor Igor smokes. Everyone who does not smoke is welcome.", "Igor is welcome.", T),
    ("If Dov is neither a cook nor a waiter, then Dov neither cooks nor serves. Dov cooks. Dov is not a cook.", "Dov is a waiter.", T),
    ("Edda neither swims nor dives. Everybody dives or sails.", "Edda sails.", T),
    ("A beetle is either striped or spotted. Zik is a beetle. Zik is not striped.", "Zik is spotted.", T),
    # relative clauses, whose, with, without
    ("All villas whose roof is red are old. The Manor is a villa. The Manor has a red roof.", "The Manor is old.", T),
    ("All trees with thorns are avoided. The Acacia is a tree. The Acacia has thorns.", "The Acacia is avoided.", T),
    ("Spiders are animals without wings. Anything that has no wings crawls. Boris is a spider.", "Boris crawls.", T),
    ("Everyone who owns a kayak that floats is glad. Hilda owns the Otter. The Otter is a kayak. The Otter floats.", "Hilda is glad.", T),
    ("People who skate are people who own at least one helmet. Gus does not own a helmet.", "Gus skates.", F),
    ("If something is a rare stamp, then its price is high. Everything that has a high price is guarded. The Blue Penny is a rare stamp.", "The Blue Penny is guarded.", T),
    ("Those who juggle are nimble. Cleo juggles.", "Cleo is nimble.", T),
    ("Nobody with a fever works. Arno works.", "Arno has a fever.", F),
    # no, some, at least one, there is, not all, exist
    ("No violinists are drummers. Some dancers are drummers.", "Some dancers are not violinists.", T),
    ("There is a monk who paints. Everyone who paints is patient.", "Some monks are patient.", T),
    ("At least one sailor is a chess player. All chess players are calm.", "At least one sailor is calm.", T),
    ("Not every candle is scented. Everything that is not scented is cheap.", "Some candles are cheap.", T),
    ("Some comets are bright. Halo is a comet.", "Halo is bright.", U),
    ("No owl barks. Every hound barks.", "Some owl is a hound.", F),
    ("There are no lions in the park. Simba is a lion.", "Simba is in the park.", F),
    # coordinated nouns and adjectives, lists
    ("All nurses and doctors are vaccinated. Kai is a doctor.", "Kai is vaccinated.", T),
    ("No goats or sheep are allowed. Molly is a goat.", "Molly is allowed.", F),
    ("All tall and quiet people are chosen. Bea is tall.", "Bea is chosen.", U),
    ("Rosa is a pilot as well as a mother. All pilots are trained.", "Rosa is trained.", T),
    ("Jonas is not only strong but also quick. Whoever is quick wins.", "Jonas wins.", T),
    ("Hugo and Fay are both bakers. Bakers get up early.", "Fay gets up early.", T),
    # uncountable kinds, multiword names, definite kinds
    ("Granite is a hard rock. All hard rocks are useful.", "Granite is useful.", T),
    ("Night diving is a dangerous sport. No dangerous sport is permitted.", "Night diving is permitted.", F),
    ("House of Winds is a novel written by Ada Moor. Every novel written by Ada Moor is sad.", "House of Winds is sad.", T),
    ("If the shop is open, then the shop is full. Every shop in Ostend is open. Bellweather is a shop in Ostend.", "Bellweather is full.", T),
    ("All of Greta's paintings are framed. Dusk is one of Greta's paintings.", "Dusk is framed.", T),
    # comparatives, ditransitives, pronouns
    ("Alba is taller than Brita. Brita is taller than Celia.", "Alba is taller than Celia.", T),
    ("Alba is taller than Brita.", "Brita is taller than Alba.", F),
    ("If Alba is taller than Brita, then Alba reaches the shelf. Brita is shorter than Alba.", "Alba reaches the shelf.", T),
    ("Viktor lent the saw to Ewa. If Viktor lent the saw to Ewa, then Ewa is grateful.", "Ewa is grateful.", T),
    ("If Norma buys a violin, she plays it. Norma buys the Strad. The Strad is a violin.", "Norma plays the Strad.", T),
    # what all is about, tense, what is not there
    ("If a creature is a griffin, then it flies. Everything that flies is light. Gorm is a griffin.", "Gorm is light.", T),
    ("Some weavers, it is said, hardly ever rest at noon. Ole is a weaver.", "Ole rests at noon.", U),
    ("Most ponies are gentle. Pim is a pony.", "Pim is gentle.", U),
]  # fmt: skip

#: Decided as a careful reader would; the others are left open, which is said (the last two: “hardly ever”, “most”).
LEAST = 58


@cache
def solved(index: int) -> LogicResult:
    premises, statement, _ = TEXTS[index]
    return solve(f"{premises} True, false or unknown: {statement}", run_limited=run_limited, seconds=20)


@pytest.mark.parametrize("index", range(len(TEXTS)), ids=[f"{i}: {text[1]}" for i, text in enumerate(TEXTS)])
def test_no_text_is_answered_otherwise_than_a_careful_reader_would(index: int) -> None:
    result = solved(index)
    assert result.answer in ("", TEXTS[index][2]), [(s.text, s.formula) for s in result.sentences]


def test_sixty_texts_are_tried_and_most_of_them_decided() -> None:
    decided = [index for index, (_, _, verdict) in enumerate(TEXTS) if solved(index).answer == verdict]
    assert len(TEXTS) == 60 and len(decided) >= LEAST, sorted(set(range(60)) - set(decided))


def test_a_reader_that_guesses_would_be_seen() -> None:
    """The negative control: answered by a coin that always says true, many of the sixty are wrong."""
    assert sum(verdict != T for _, _, verdict in TEXTS) >= 20


HOSTILE = [
    "if " * 80, "a or " * 100 + "b but not both", "mammals " + "with " * 115 + "no teeth are here", "either " * 110,
    "All " + "people whose " * 50 + "are big", "has been " * 100, "X of " * 110 + "Y is big", "its a is " * 60,
    "not only a but " * 40, "as well as " * 60, "when " * 3_000,
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=[words[:20] for words in HOSTILE])
def test_tangled_sentences_are_left_unread_in_good_time(words: str) -> None:
    started = time.monotonic()
    text = f"{words}. Tom is big. All cats are big. True, false or unknown: Tom is a cat."
    assert solve(text, run_limited=run_limited, seconds=5).verdict == "unread"
    assert time.monotonic() - started < 5
