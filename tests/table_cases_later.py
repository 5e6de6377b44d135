"""Questions written once the reading was done, to see how it does on what it was not made for."""

from __future__ import annotations

TABLES = {
    "marathon.csv": """Runner,Club,Nation,Age,Finish (min),Place,Prize
Ada Brunn,LC Fjord,Norway,31,152.4,1,"5,000 €"
Bela Soos,Duna SE,Hungary,27,153.0,2,"2,500 €"
Cleo Marsh,North Road,England,42,171.8,5,
Dirk Oor,LC Fjord,Norway,38,160.2,3,"1,000 €"
Eva Lind,Duna SE,Hungary,24,166.9,4,500 €
Finn Gale,North Road,England,55,201.3,6,
""",
    "verbrauch.csv": """Monat;Gebäude;Strom (kWh);Wasser (m³);Kosten
2023-01;Altbau;1.840,5;32;612,40 €
2023-01;Neubau;920,0;28;318,10 €
2023-02;Altbau;1.702,0;30;566,75 €
2023-02;Neubau;880,5;25;301,00 €
2024-01;Altbau;1.905,0;35;655,20 €
2024-01;Neubau;;27;322,80 €
Summe;;7.248,0;177;2.776,25 €
""",
    "inventory.csv": """SKU,Item,Category,Shelf,In stock,Reorder at,Supplier,Unit cost,Last delivery
A-001,Oak board,Wood,B2,40,20,Timber & Co,12.50,03/14/2024
A-002,Pine board,Wood,B2,15,25,Timber & Co,7.80,02/27/2024
A-003,Brass screw,Metal,C1,1200,500,Schraub AG,0.04,01/09/2024
A-004,Steel hinge,Metal,C1,85,100,Schraub AG,1.35,03/22/2024
A-005,Wood glue,Chemicals,D4,33,30,Haftfix,4.20,12/18/2023
A-006,Lacquer,Chemicals,D4,8,12,Haftfix,15.90,11/02/2023
""",
    "survey.md": """## Answers of the spring survey

| Person | District | Satisfied | Score | Visits | Comment |
|--------|----------|-----------|-------|--------|---------|
| P1 | Harbour | yes | 8 | 3 | more bins |
| P2 | Old Town | no | 3 | 12 | too loud |
| P3 | Harbour | yes | 9 | 1 | |
| P4 | Hill | no | 4 | 7 | no parking |
| P5 | Old Town | yes | 7 | 2 | |
""",
}
#: Table, question, right answers (any of them); None: the table does not say, or it is no question for a query.
QUESTIONS: list[tuple[str, str, tuple[str, ...] | None]] = [
    ("marathon.csv", "Who won?", None),
    ("marathon.csv", "Who was the oldest runner?", ("Finn Gale",)),
    ("marathon.csv", "How many runners are from Norway?", ("2",)),
    ("marathon.csv", "What was Eva Lind's finish time?", ("166.9",)),
    ("marathon.csv", "What is the average age of the runners from Hungary?", ("25.5",)),
    ("marathon.csv", "How much prize money was paid in total?", ("9000 €",)),
    ("marathon.csv", "What is the total prize of LC Fjord?", ("6000 €",)),
    ("marathon.csv", "Which club has the most runners?", None),
    ("marathon.csv", "Which runners are over 40?", None),
    ("marathon.csv", "Which runners have an age over 40?", ("Cleo Marsh, Finn Gale",)),
    ("marathon.csv", "Who was in place 3?", ("Dirk Oor",)),
    ("marathon.csv", "Which nation does Bela Soos run for?", ("Hungary",)),
    ("marathon.csv", "How many runners finished under 160 min?", ("2",)),
    ("marathon.csv", "How fast did Ada Brunn run?", None),
    ("marathon.csv", "Which runners got no prize?", ("Cleo Marsh, Finn Gale",)),
    ("marathon.csv", "How many clubs took part?", ("3",)),
    ("verbrauch.csv", "Wie hoch sind die Kosten insgesamt?", ("2776.25 €",)),
    ("verbrauch.csv", "Wie viel Strom hat der Altbau im Januar 2024 verbraucht?", ("1905 kWh", "1.905,0")),
    ("verbrauch.csv", "Welches Gebäude hat die höchsten Kosten?", ("Altbau",)),
    ("verbrauch.csv", "Summe Wasser pro Gebäude", ("Altbau: 97 m³; Neubau: 80 m³",)),
    ("verbrauch.csv", "Durchschnittliche Kosten im Jahr 2023", ("449.5625 €", "449.56 €")),
    ("verbrauch.csv", "What were the total costs in 2024?", ("978.00 €",)),
    ("verbrauch.csv", "Wie hoch war die Heizung?", None),
    ("verbrauch.csv", "Wie viel Gas wurde 2023 verbraucht?", None),
    ("inventory.csv", "Which items are from Haftfix?", ("Wood glue, Lacquer",)),
    ("inventory.csv", "How many items are in stock?", ("1381", "6")),
    ("inventory.csv", "How many brass screws are in stock?", ("1200",)),
    ("inventory.csv", "What is the cheapest item?", ("Brass screw",)),
    ("inventory.csv", "What does the lacquer cost?", ("15.90",)),
    ("inventory.csv", "Which item was delivered last?", ("Steel hinge",)),
    ("inventory.csv", "When was the last delivery of wood glue?", ("12/18/2023",)),
    ("inventory.csv", "Which items have to be reordered?", None),
    ("inventory.csv", "How many suppliers are there?", ("3",)),
    ("inventory.csv", "On which shelf is the steel hinge?", ("C1",)),
    ("inventory.csv", "What is the average unit cost by category?", ("Chemicals: 10.05; Metal: 0.695; Wood: 10.15",)),
    ("inventory.csv", "What is the value of all stock?", None),
    ("inventory.csv", "List the items in the Metal category", ("Brass screw, Steel hinge",)),
    ("inventory.csv", "How many items have less than 20 in stock?", ("2",)),
    ("inventory.csv", "How many deliveries were there in March 2024?", ("2",)),
    ("survey.md", "How many people are satisfied?", None),
    ("survey.md", "What is the average score?", ("6.2",)),
    ("survey.md", "Which district has the highest average score?", ("Harbour",)),
    ("survey.md", "How many persons are from the Harbour?", ("2",)),
    ("survey.md", "What did P2 comment?", ("too loud",)),
    ("survey.md", "How many persons left no comment?", ("2",)),
    ("survey.md", "Who complained about parking?", None),
    ("survey.md", "Average visits per district", ("Harbour: 2; Hill: 7; Old Town: 7",)),
    ("survey.md", "What is the highest number of visits?", ("12",)),
    ("survey.md", "How many persons gave a score of at least 7?", ("3",)),
    ("survey.md", "What is the median score?", ("7",)),
]
