"""Sixty logic texts in words of our own: each with the answer a careful reader gives."""

from __future__ import annotations

import pytest

from lottery_chat.children import run_limited
from tools.logic.tool import looks_like_logic, solve

T, F, U = "True", "False", "Unknown"

#: (text with its question, answer); "" means: the tool must say that it cannot tell, and name no answer.
RULES = [
    ("Every gardener is patient. Nora is a gardener. Is Nora patient?", T),
    ("No miners are pilots. Otto is a miner. Is Otto a pilot?", F),
    ("All otters are swimmers. All swimmers are fast. Pip is an otter. Is it true that Pip is fast?", T),
    ("Sparrows are birds. Birds are not reptiles. Chip is a sparrow. True or false: Chip is a reptile.", F),
    ("If someone is tired then they sleep. Lena is tired. Does Lena sleep?", T),
    ("If something is wet and cold then it is slippery. The stone is wet. The stone is cold. Is the stone slippery?", T),
    ("If something is wet and cold then it is slippery. The stone is wet. Is the stone slippery?", U),
    ("Everyone who studies hard passes the exam. Vera studies hard. Does Vera pass the exam?", T),
    ("Everyone who studies hard passes the exam. Vera does not pass the exam. Does Vera study hard?", F),
    ("Only members vote. Karl votes. Is Karl a member?", T),
    ("Only members vote. Karl is a member. Does Karl vote?", U),
    ("Nobody who lies is trusted. Greta lies. Is Greta trusted?", F),
    ("The lamp is on unless the fuse is broken. The fuse is not broken. Is the lamp on?", T),
    ("The lamp is on unless the fuse is broken. The lamp is not on. Is the fuse broken?", T),
    ("Either the key is in the drawer or the key is in the bag. The key is not in the bag. Is the key in the drawer?", T),
    ("Ivo is either a baker or a tailor. Ivo is not a tailor. Is Ivo a baker?", T),
    ("Ivo is either a baker or a tailor. Ivo is a baker. Is Ivo a tailor?", F),
    ("The fox chases the hen. If something is chased by the fox then it is afraid. Is the hen afraid?", T),
    ("The hen is chased by the fox. If the fox chases the hen then the farmer is angry. Is the farmer angry?", T),
    ("The fox does not chase the goose. If the goose is not chased by the fox then the goose is calm. Is the goose calm?", T),
    ("All sailors who can swim are brave. Jon is a sailor. Jon can swim. Is Jon brave?", T),
    ("All sailors who can swim are brave. Jon is a sailor. Is Jon brave?", U),
    ("Kind, clever people are popular. Mara is kind. Mara is clever. Is Mara popular?", T),
    ("All clever children are curious. Tim is a child. Tim is clever. Is Tim curious?", T),
    ("Wolves are grey. Fang is a wolf. Is Fang grey?", T),
    ("Mice are small. Every small thing is light. Nibbles is a mouse. Is Nibbles light?", T),
    ("Whoever owns a boat is rich. Rolf owns a boat. Is Rolf rich?", T),
    ("Every person who owns a dog is happy. Ute owns a poodle. Every poodle is a dog. Is Ute happy?", T),
    ("Some painters are poets. All poets are dreamers. Does it follow that some painters are dreamers?", T),
    ("Some painters are poets. Does it follow that all painters are poets?", U),
    ("All roses are flowers. All flowers are plants. Does it follow that all roses are plants?", T),
    ("No fish are mammals. All whales are mammals. Does it follow that no whales are fish?", T),
    ("Not all birds fly. Everything that does not fly walks. Does it follow that some birds walk?", T),
    ("A number is even if and only if it is divisible by two. Six is a number. Six is divisible by two. Is Six even?", T),
    ("A door is locked if and only if it is red. The gate is a door. The gate is not red. Is the gate locked?", F),
    ("Neither Max nor Eva is tall. Everyone who is not tall is short. Is Eva short?", T),
    ("If it rains, the match is off. It rains. Is the match off?", T),
    ("All planes are fast. The plan is bad. Is the plan fast?", ""),
    ("Guitars are wooden. Ugo is a guitar player. Is Ugo wooden?", ""),
    ("All planets orbit a star. Zeno is too kind. All kind people are happy. Is Zeno happy?", ""),
    ("Max and Eva are tall. Tall people are visible. Is Max visible?", T),
    ("If Pia is home and it is false that Pia is asleep, then Pia is awake. Pia is home. Is Pia awake?", ""),
    ("Fred is happy only if Fred is healthy. Fred is not healthy. Is Fred happy?", F),
    ("Fred is happy if Fred is rested. Fred is rested. Is Fred happy?", T),
    ("If the cat is hungry, it chases the mouse. The cat is hungry. Does the cat chase the mouse?", T),
    ("Anything that glitters is bright. The coin doesn't glitter. Is the coin bright?", U),
    ("All judges respect the law. Bea is a judge. Does Bea respect the law?", T),
    ("Every vampire fears garlic. Vlad does not fear garlic. Is Vlad a vampire?", F),
    ("There are no honest thieves. Sam is a thief. Is Sam honest?", F),
    ("Trains that are late are crowded. The express is a train. The express is late. Is the express crowded?", T),
    ("Dragons don't exist in town. Every zork is a blim. Blims are not wugs. Quil is a zork. Is Quil a wug?", F),
    ("Zed is a cook. Zed is not a cook. Every cook is neat. Is Zed neat?", ""),
    ("Most cooks are neat. Zed is a cook. All neat people are calm. Is Zed calm?", ""),
    ("Pam is a nurse. All nurses are calm. Rex is a pilot. Who is calm?", "Pam"),
]  # fmt: skip

ORDERS = [
    ("Anna is taller than Ben. Ben is taller than Cem. Who is the tallest?", "Anna"),
    ("Anna is taller than Ben. Ben is taller than Cem. Is Cem taller than Anna?", F),
    ("Anna is taller than Ben. Anna is taller than Cem. Is Ben taller than Cem?", U),
    ("Ruth is older than Paul. Paul is older than Ines. Who is the youngest?", "Ines"),
    ("The lorry is heavier than the van. The van is not lighter than the bike. Who is the heaviest?", "lorry"),
    ("Four friends ran a race: Uma, Leo, Kai and Zoe. Uma finished before Leo. Kai finished last. Zoe finished after Leo. Who finished first?", "Uma"),
    ("Four friends ran a race: Uma, Leo, Kai and Zoe. Uma finished before Leo. Kai finished last. Zoe finished after Leo. Who finished third?", "Zoe"),
    ("On a wall hang three pictures: a map, a portrait and a photo. The map is immediately to the right of the photo. The portrait is the rightmost. Which picture is the leftmost?", "photo"),
    ("On a desk lie three things: a pen, a cup and a phone. The cup is between the pen and the phone. The pen is not the leftmost. Which thing is the leftmost?", "phone"),
    ("A shop sells four drinks: tea, juice, cocoa and water. The juice is more expensive than the tea. The tea is the second-cheapest. The cocoa is less expensive than the juice.\nWhich of the following is true?\nA) The juice is the cheapest.\nB) The water is the cheapest.\nC) The cocoa is the cheapest.\nD) The tea is the most expensive.", ""),
    ("A shop sells four drinks: tea, juice, cocoa and water. The juice is more expensive than the tea. The tea is the second-cheapest. The water is the cheapest.\nWhich of the following is true?\nA) The juice is the cheapest.\nB) The water is the cheapest.\nC) The cocoa is the cheapest.\nD) The tea is the cheapest.", "B"),
    ("Ana lives above Bo. Bo lives above Cy. Cy lives above Di. What is the order?", "Ana, Bo, Cy, Di"),
    ("Either Gus finished first or Hal finished first. Gus finished before Ida. Hal finished after Ida. Who finished first?", "Gus"),
    ("Anna is taller than Ben and Ben is taller than Cem. Who is taller, Anna or Cem?", "Anna"),
    ("There are three boxes: a red box, a blue box and a green box. The red box is to the left of the blue box. The green box is not next to the red box. Which box is in the middle?", "blue box"),
    ("Ana is older than Bo. Bo is older than Cy. Cy is 5 years younger than Di. Who is the oldest?", ""),
    ("Gus is faster than Hal. Hal is faster than Gus. Who is the fastest?", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answer"), RULES + ORDERS)
def test_a_text_in_our_own_words_is_answered_as_a_careful_reader_would(text: str, answer: str) -> None:
    result = solve(text, run_limited=run_limited, seconds=20)
    assert result.answer in ({answer} if answer else {"", "Unknown"}), result
    if answer in (T, F):
        assert result.verdict == ("proved" if answer == T else "disproved")
        assert result.steps and result.premises_used and all(used in text for used in result.premises_used)


@pytest.mark.parametrize("text", [text for text, answer in RULES + ORDERS if answer])
def test_the_router_recognises_these_texts(text: str) -> None:
    assert looks_like_logic(text)
