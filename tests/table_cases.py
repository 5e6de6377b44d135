"""Own tables and own questions over them: what code must answer, what it may only answer with a doubt, what it must not.

All names and numbers are invented. Tables stand as people keep them: CSV with quotes, German numbers, totals at the end,
empty cells, repeated rows, years as headers.
"""

from __future__ import annotations

TABLES = {
    "orders.csv": """Order no,Customer,Country,Product,Quantity,Unit price,Amount,Ordered,Status
4711,Alma Ruiz,Spain,Tent,2,"149.00","298.00",2024-01-14,shipped
4712,Bo Lindqvist,Sweden,Stove,1,"59.50","59.50",2024-01-30,open
4713,Alma Ruiz,Spain,Rope,10,"4.25","42.50",2024-02-02,shipped
4714,Chen Wei,Taiwan,Tent,1,"149.00","149.00",2024-03-05,cancelled
4715,Dora Nagy,Hungary,Backpack,3,"1,099.00","3,297.00",2024-03-11,shipped
4716,Bo Lindqvist,Sweden,Rope,4,"4.25","17.00",2024-03-28,open
4717,Elif Kaya,Spain,Stove,2,"59.50",,2024-04-01,open
Total,,,,23,,"3,863.00",,
""",
    "rechnungen.csv": """Nummer;Kunde;Ort;Betrag;Fällig;Bezahlt
R-100;Huber;Graz;1.250,00 €;05.03.2024;ja
R-101;Meier;Linz;80,50 €;12.03.2024;nein
R-102;Huber;Graz;319,50 €;02.04.2024;nein
R-103;Novak;Wels;2.000,00 €;30.04.2024;ja
R-104;Meier;Linz;45,00 €;15.05.2024;ja
""",
    "staff.csv": """Name	Department	Office	Home town	Salary ($)	Age	Hired
Ines Prado	Sales	Lisbon	Porto	"41,000"	29	2021-05-17
Karl Otte	Engineering	Bremen	Bremen	"62,500"	44	2015-09-01
Lena Fisk	Engineering	Lisbon	Lisbon	"58,000"	37	2018-02-12
Milo Varga	Support	Bremen	Lisbon	"36,750"	51	2012-11-30
Nora Quist	Sales	Lisbon	Porto	"47,250"	33	2019-07-08
Otto Zell	Support	Bremen	Porto	"36,750"	26	2023-03-20
""",
    "stations.md": """# Weather of 3 May

| Station | Altitude (m) | Low | High | Humidity | Rain |
|---|---|---|---|---|---|
| Arnholt | 120 | 4.5 °C | 17 °C | 61 % | 0 mm |
| Brekk | 1,480 | -6.0 °C | 3.5 °C | 84 % | 12.5 mm |
| Cadro | 310 | 7.5 °C | 21 °C | 55 % | n/a |
| Dunvik | 15 | 5 °C | 12 °C | 90 % | 31 mm |
""",
    "budget.csv": """Team,Jan,Feb,Mar
Kitchen,1200,900,1100
Garden,300,450,700
Workshop,800,800,650
""",
    "villages.csv": """Village,2021,2022,2023
Osby,412,405,399
Tranum,1890,1922,1960
Velling,75,80,92
""",
    "books.csv": """Title,Author,Year,Pages,Rating,ISBN,Language
Salt and Slate,Mara Velde,1998,312,4.1,978-1,English
The Ninth Ferry,Jon Ask,2005,198,3.6,978-2,English
Winterlicht,Mara Velde,2005,455,4.6,978-3,German
A Short Map,Pia Roth,2016,96,4.6,978-4,English
Der Steg,Pia Roth,2020,240,2.9,978-5,German
Low Water,Jon Ask,2021,388,,978-6,English
""",
    "flights.csv": """flight,from,to,date,price,airline
VX1,Berlin,Paris,2024-06-01,89 €,Voltair
VX2,Paris,Berlin,2024-06-03,95 €,Voltair
KL7,Oslo,Berlin,2024-06-03,120 €,Kestrel
KL8,Berlin,Oslo,2024-06-09,110 €,Kestrel
VX9,Paris,Rome,2025-06-11,70 €,Voltair
""",
    "parts.csv": """Part,Mass,Stock
Bolt,1.234,40
Plate,2.500,12
Frame,3.750,3
""",
    "lending.csv": """Reader,Book,Lent,Returned
Tilda,Low Water,2024-05-02,2024-05-20
Uwe,Der Steg,2024-05-04,
Tilda,A Short Map,2024-05-21,
Vera,Low Water,2024-05-25,2024-06-01
Tilda,Low Water,2024-06-03,
Uwe,Der Steg,2024-05-04,
""",
}

#: Table, question, answer: must be answered and be green.
GREEN = [
    ("orders.csv", "What is the total amount of the orders that were not cancelled?", "3714.00"),
    ("orders.csv", "Which customer ordered most often?", "Alma Ruiz, Bo Lindqvist"),
    ("orders.csv", "How many orders were ordered between January and March 2024?", "6"),
    ("orders.csv", "How many products cost more than 100?", "2"),
    ("orders.csv", "What is the lowest amount in Spain?", "42.50"),
    ("staff.csv", "How many staff work in Lisbon?", "3"),
    ("lending.csv", "How many rows were not returned?", "4"),
    ("orders.csv", "Which customer has the highest quantity in March?", "Bo Lindqvist"),
    ("orders.csv", "Which product has the highest quantity?", "Rope"),
    ("orders.csv", "Which customer has the lowest amount?", "Bo Lindqvist"),
    ("orders.csv", "What is the total amount of the open orders?", "76.50"),
    ("orders.csv", "How many customers are from Spain?", "2"),
    ("orders.csv", "Top 2 customers by amount", "Dora Nagy, Alma Ruiz"),
    ("orders.csv", "What is the average amount per order?", "643.833333"),
    ("orders.csv", "What is the total amount?", "3863.00"),
    ("orders.csv", "What was the total amount in March?", "3463.00"),
    ("orders.csv", "What is the total quantity in March 2024?", "8"),
    ("orders.csv", "How many orders are there?", "7"),
    ("orders.csv", "How many orders are from Spain?", "3"),
    ("orders.csv", "How many orders are open?", "3"),
    ("orders.csv", "How many different customers are there?", "5"),
    ("orders.csv", "How many different countries are there?", "4"),
    ("orders.csv", "Which product has the highest unit price?", "Backpack"),
    ("orders.csv", "What is the average quantity?", "3.285714"),
    ("orders.csv", "What is the status of order 4714?", "cancelled"),
    ("orders.csv", "Who is the customer of order 4715?", "Dora Nagy"),
    ("orders.csv", "How many orders have a quantity of more than 3?", "2"),
    ("orders.csv", "How many orders have an amount between 40 and 300?", "4"),
    ("orders.csv", "Total quantity by country", "Hungary: 3; Spain: 14; Sweden: 5; Taiwan: 1"),
    ("orders.csv", "How many orders per status?", "cancelled: 1; open: 3; shipped: 3"),
    ("orders.csv", "Which country has the most orders?", "Spain"),
    ("orders.csv", "How many orders are from Sweden or Taiwan?", "3"),
    ("orders.csv", "How many orders were ordered after 5 March 2024?", "3"),
    ("orders.csv", "How many orders were ordered before February 2024?", "2"),
    ("orders.csv", "Which product has the highest total quantity?", "Rope"),
    ("orders.csv", "How many orders are not from Spain?", "4"),
    ("rechnungen.csv", "Wie hoch ist die Summe der Beträge im März?", "1330.50 €"),
    ("rechnungen.csv", "Wie viele Rechnungen sind von Huber?", "2"),
    ("rechnungen.csv", "Welche Nummer hat den höchsten Betrag?", "R-103"),
    ("rechnungen.csv", "Was ist der durchschnittliche Betrag?", "739.00 €"),
    ("rechnungen.csv", "Summe Betrag pro Kunde", "Huber: 1569.50 €; Meier: 125.50 €; Novak: 2000.00 €"),
    ("rechnungen.csv", "Wann ist die Rechnung R-102 fällig?", "02.04.2024"),
    ("rechnungen.csv", "Wie viele Rechnungen liegen über 300 €?", "3"),
    ("staff.csv", "What is the average salary in Engineering?", "$60250"),
    ("staff.csv", "Who is the oldest?", "Milo Varga"),
    ("staff.csv", "Who is the youngest in Sales?", "Ines Prado"),
    ("staff.csv", "How many staff have their office in Lisbon?", "3"),
    ("staff.csv", "How many staff are older than 35?", "3"),
    ("staff.csv", "What is the salary of Nora Quist?", "47,250"),
    ("staff.csv", "In which department is Karl Otte?", "Engineering"),
    ("staff.csv", "Average age per department", "Engineering: 40.5; Sales: 31; Support: 38.5"),
    ("staff.csv", "Who was hired in 2019?", "Nora Quist"),
    ("staff.csv", "List the names of staff with a salary under 40,000", "Milo Varga, Otto Zell"),
    ("staff.csv", "Which department has the highest average salary?", "Engineering"),
    ("staff.csv", "What is the highest salary?", "62,500"),
    ("stations.md", "Which station has the highest altitude?", "Brekk"),
    ("stations.md", "What is the lowest low?", "-6.0 °C"),
    ("stations.md", "What is the humidity in Dunvik?", "90 %"),
    ("stations.md", "Which stations have a humidity over 80 %?", "Brekk, Dunvik"),
    ("stations.md", "How many stations are above 100 m?", "3"),
    ("budget.csv", "What is the total for March?", "2450"),
    ("budget.csv", "How much did the Garden team have in February?", "450"),
    ("budget.csv", "Which team has the highest value in Jan?", "Kitchen"),
    ("villages.csv", "Which village had the most in 2023?", "Tranum"),
    ("villages.csv", "What is the total for 2022?", "2407"),
    ("books.csv", "How many books did Pia Roth write?", "2"),
    ("books.csv", "How many books are in German?", "2"),
    ("books.csv", "Which book has the most pages?", "Winterlicht"),
    ("books.csv", "Which books have the highest rating?", "Winterlicht, A Short Map"),
    ("books.csv", "How many books are from 2005?", "2"),
    ("books.csv", "Who is the author of Low Water?", "Jon Ask"),
    ("books.csv", "List all books by Mara Velde", "Salt and Slate, Winterlicht"),
    ("books.csv", "Which book has the fewest pages?", "A Short Map"),
    ("flights.csv", "How many flights go from Berlin to Paris?", "1"),
    ("flights.csv", "What is the price of flights from Berlin to Oslo?", "110 €"),
    ("flights.csv", "How many flights are from Paris?", "2"),
    ("flights.csv", "What is the cheapest flight from Paris?", "VX9"),
    ("flights.csv", "List the three cheapest flights", "VX9, VX1, VX2"),
    ("flights.csv", "What is the average price of Kestrel?", "115 €"),
    ("parts.csv", "What is the total stock?", "55"),
    ("lending.csv", "How many rows have no returned date?", "4"),
    ("lending.csv", "Which book was lent most often?", "Low Water"),
]

#: Read, but with a doubt that keeps it from being green: (table, question, answer).
DOUBTED = [
    ("parts.csv", "What is the total mass?", "7.484"),
    ("lending.csv", "How many lendings are there?", "6"),
    ("staff.csv", "What is the average salery?", "$47041.666667"),
    ("flights.csv", "How many flights were in June?", "5"),
    ("orders.csv", "What is the total price?", "1524.50"),
    ("flights.csv", "Which airline has the lowest price?", "Voltair"),
]

#: No answer from the table: what is asked is not in it, or is not what a query gives.
DECLINED = [
    ("orders.csv", "What is the total amount in March and April?"),
    ("orders.csv", "What is the total amount from March to April?"),
    ("orders.csv", "How many orders do not have an amount?"),
    ("orders.csv", "How many countries have more than one order?"),
    ("orders.csv", "What is the total amount without Spain?"),
    ("orders.csv", "What is the average of quantity and amount?"),
    ("orders.csv", "Which order has an amount closest to 100?"),
    ("orders.csv", "Who ordered the most?"),
    ("orders.csv", "What is the average unit price of shipped orders over 10?"),
    ("orders.csv", "Which customer bought the most expensive product?"),
    ("lending.csv", "How many books were returned?"),
    ("villages.csv", "How many people lived in Osby in 2022?"),
    ("orders.csv", "What is the total profit?"),
    ("orders.csv", "How many customers are from France?"),
    ("orders.csv", "Why was order 4714 cancelled?"),
    ("orders.csv", "What percentage of orders is open?"),
    ("orders.csv", "Is the tent more expensive than the stove?"),
    ("orders.csv", "What is the difference between the highest and the lowest amount?"),
    ("orders.csv", "How many orders were there last month?"),
    ("orders.csv", "How many orders were paid?"),
    ("orders.csv", "How many tents were returned?"),
    ("orders.csv", "What will the total amount be next year?"),
    ("orders.csv", "Which customer complained about the stove?"),
    ("orders.csv", "How many orders are from Spain or have a quantity over 3?"),
    ("orders.csv", "What is the average amount above the median?"),
    ("rechnungen.csv", "Wie viele Rechnungen wurden storniert?"),
    ("rechnungen.csv", "Wie hoch ist die Mehrwertsteuer?"),
    ("staff.csv", "How many people live in Bremen and earn over 40,000 after tax?"),
    ("staff.csv", "Who is the manager of Ines Prado?"),
    ("staff.csv", "How many staff are from Lisbon?"),
    ("staff.csv", "Who earns more than Karl Otte?"),
    ("staff.csv", "Who has been here the longest?"),
    ("stations.md", "What was the weather like in Oslo?"),
    ("stations.md", "What is the average number of stations per country?"),
    ("budget.csv", "What is the total?"),
    ("budget.csv", "How much was spent on tools?"),
    ("villages.csv", "How did the population of Osby change from 2021 to 2023?"),
    ("villages.csv", "How many people live in Denmark?"),
    ("books.csv", "What is Low Water about?"),
    ("books.csv", "Which book should I read first?"),
    ("books.csv", "How many pages did I read?"),
    ("books.csv", "What is the best book?"),
    ("books.csv", "What is the longest book?"),
    ("rechnungen.csv", "How many invoices are due after April 2024?"),
    ("orders.csv", "How many tents were ordered?"),
    ("orders.csv", "What is the total value of the orders?"),
    ("flights.csv", "How long does the flight from Berlin to Paris take?"),
    ("flights.csv", "How many flights are there between Berlin and Paris?"),
    ("lending.csv", "How many books did Tilda return late?"),
    ("parts.csv", "How many bolts fit into a plate?"),
]
