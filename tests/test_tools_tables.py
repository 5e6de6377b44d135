"""Tables: read out of text with typed columns, queried by SQLite that can only read, exact in sums."""

from __future__ import annotations

import sqlite3
import time

import pytest

from tools import table_queries
from tools.errors import ToolError
from tools.shelf.data import query_table
from tools.table_queries import Aggregate, Filter, Found, Query, run_query
from tools.tables import read_table

CSV = "Product,Price,City,Code\nlamp,12.10,Oslo,007\npen,0.20,Rome,010\ncup,0.10,Oslo,100\nrug,,Bern,200\n"


def rows(query: Query, text: str = CSV) -> Found:
    return run_query(read_table(text), query)


@pytest.mark.parametrize(
    ("text", "kinds", "last"),
    [
        (CSV, ("text", "number", "text", "text"), ("rug", None, "Bern", "200")),
        ("a\tb\n1\tx\n2\ty", ("number", "text"), (2, "y")),
        ("a;b\nx;1,5\ny;2.000,25", ("text", "number"), ("y", 2000.25)),
        (
            "text before\n\n| n | $ |\n|:--|--:|\n| a \\| b | $1,200 |\n| c | $3 |\n\nafter",
            ("text", "number"),
            ("c", 3),
        ),
        ('a,b\n"x, y",1\n"say ""hi""",2', ("text", "number"), ('say "hi"', 2)),
        ("a,b\nx,5%\ny,$7", ("text", "text"), ("y", "$7")),
        ("a|b\nx|1\ny|2", ("text", "number"), ("y", 2)),
    ],
)
def test_columns_get_their_kind_from_all_their_cells(
    text: str, kinds: tuple[str, ...], last: tuple[object, ...]
) -> None:
    table = read_table(text)
    assert table.kinds == kinds
    assert table.rows[-1] == last


def test_rows_of_another_length_are_filled_and_said() -> None:
    table = read_table("a,b\n1,2\n3\n4,5,6\n")
    assert table.rows[1:] == ((3, None), (4, 5))
    assert "2 rows (first: 2)" in table.notes[0]


def test_names_that_repeat_or_are_missing_are_told_apart() -> None:
    assert read_table("a,,A\n1,2,3").names == ("a", "column 2", "A 2")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(("product",), (Filter("PRICE", ">", 0.15),)), (("lamp",), ("pen",))),
        (Query(("product",), (Filter("city", "=", "oslo"),), order_by=(("price", False),)), (("cup",), ("lamp",))),
        (Query(("product",), (Filter("price", "<=", "0.20"),), order_by=(("product", True),)), (("pen",), ("cup",))),
        (Query(("product",), (Filter("product", "contains", "U"),)), (("cup",), ("rug",))),
        (Query(("product",), (Filter("product", "starts with", "pe"),)), (("pen",),)),
        (Query(("product",), (Filter("city", "in", ("rome", "BERN")),)), (("pen",), ("rug",))),
        (Query(aggregates=(Aggregate("sum", "price"), Aggregate("count", "price"), Aggregate("count"))), ((12.4, 3, 4),)),
        (Query(aggregates=(Aggregate("median", "price"), Aggregate("min", "product"))), ((0.2, "cup"),)),
        (Query(group_by=("city",), order_by=(("count", True), ("city", False))), (("Oslo", 2), ("Bern", 1), ("Rome", 1))),
        (Query(group_by=("city",), aggregates=(Aggregate("mean", "price"),), order_by=(("mean price", True),), limit=1),
         (("Oslo", 6.1),)),
    ],
)  # fmt: skip
def test_queries_filter_sort_group_and_sum(query: Query, expected: tuple[tuple[object, ...], ...]) -> None:
    assert rows(query).rows == expected


def test_sums_of_decimals_are_exact() -> None:
    assert rows(Query(aggregates=(Aggregate("sum", "x"),)), "x,y\n0.1,a\n0.2,b\n").rows == ((0.3,),)


def test_what_a_limit_cuts_is_said() -> None:
    found = rows(Query(limit=2))
    assert (len(found.rows), found.matched, found.cut) == (2, 4, True)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (Query(("prize",)), "the columns are Product, Price, City, Code"),
        (Query(filters=(Filter("price", ">", "cheap"),)), "holds numbers"),
        (Query(filters=(Filter("price", "LIKE", 1),)), "no comparison"),  # type: ignore[arg-type]
        (Query(aggregates=(Aggregate("sum", "city"),)), "holds text"),
        (Query(aggregates=(Aggregate("load_extension", "price"),)), "no measure"),  # type: ignore[arg-type]
        (Query(aggregates=(Aggregate("sum"),)), "needs a column"),
        (Query(group_by=("city",), order_by=(("price", False),)), "order by one of"),
        (Query(limit=0), "1 to 1,000"),
    ],
)  # fmt: skip
def test_a_query_that_does_not_fit_is_refused_and_says_what_there_is(query: Query, said: str) -> None:
    with pytest.raises(ToolError, match=said):
        rows(query)


@pytest.mark.parametrize(
    "text",
    ["", "word", "a,b", "\n\n", "a,b\n" + "1,2\n" * 30_000, ",".join("a" * 200) + "\n1", "a,b\n" + "x" * 20_000 + ",1"],
)
def test_what_is_no_table_or_too_large_is_refused(text: str) -> None:
    with pytest.raises(ToolError):
        read_table(text)


HOSTILE = [
    "x' OR '1'='1",
    "x'; DROP TABLE t; --",
    'x") UNION SELECT 1 --',
    "%",
    "_",
    "\x00",
    "c0",
    "\ud800",
    "(SELECT 1)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_sql(text: str) -> None:
    assert rows(Query(("product",), (Filter("city", "=", text),))).rows == ()
    with pytest.raises(ToolError, match="no column"):
        rows(Query((f"zz{text}",)))
    table = read_table(f'a,b\n"{text.replace(chr(34), chr(34) * 2)}",1\nplain,2\n')
    assert run_query(table, Query(filters=(Filter("b", "=", 2),))).rows == (("plain", 2),)


STATEMENTS = [
    "INSERT INTO t VALUES (1, 2, 3, 4)", "DELETE FROM t", "DROP TABLE t", "CREATE TABLE u (a)", "ATTACH ':memory:' AS b",
    "PRAGMA query_only = 0", "SELECT * FROM sqlite_master", "SELECT load_extension('x')", "SELECT randomblob(1000)",
    "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT count(*) FROM n",
]  # fmt: skip


@pytest.mark.parametrize("statement", STATEMENTS)
def test_even_sql_from_inside_could_only_read_the_table(statement: str) -> None:
    connection = table_queries._loaded(read_table(CSV))
    with pytest.raises(sqlite3.DatabaseError):
        connection.execute(statement).fetchall()
    connection.close()


def test_without_the_authorizer_the_same_statements_pass() -> None:
    connection = table_queries._loaded(read_table(CSV))
    connection.set_authorizer(None)
    connection.execute("PRAGMA query_only = 0")
    connection.execute("DELETE FROM t")
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    connection.close()


def test_a_statement_that_never_ends_is_stopped_by_the_clock() -> None:
    connection = table_queries._loaded(read_table("a,b\n" + "".join(f"{one},{one}\n" for one in range(3_000))))
    began = time.thread_time()
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        connection.execute("SELECT count(*) FROM t x, t y, t z WHERE x.c0 < y.c1 AND y.c0 < z.c1").fetchone()
    assert time.thread_time() - began < 3
    connection.close()


def test_a_table_of_twenty_thousand_rows_is_answered_within_the_limit_of_a_query() -> None:
    text = "a,b,c\n" + "".join(f"name {one},{one % 7},{one}.5\n" for one in range(20_000))
    found = query_table(text, group_by=["b"], measures=["sum c"], order_by="sum c", descending=True)
    assert found.value == [{"b": one, "sum c": sum(at + 0.5 for at in range(one, 20_000, 7))} for one in sorted(
        range(7), key=lambda one: -sum(at + 0.5 for at in range(one, 20_000, 7)))]  # fmt: skip


def test_the_tool_reads_conditions_and_measures_as_people_write_them() -> None:
    assert query_table(CSV, ["product"], ["price >= 0.2", "City is Oslo"]).value == [{"Product": "lamp"}]
    assert query_table(CSV, measures=["average of price"]).value == [{"mean Price": 12.4 / 3}]
    assert (
        query_table(CSV, ["product"], ["product in (pen, cup)"], order_by="price").text == "Product: cup\nProduct: pen"
    )
    with pytest.raises(ToolError, match="no condition"):
        query_table(CSV, where=["cheap"])
    with pytest.raises(ToolError, match="no measure"):
        query_table(CSV, measures=["stdev price"])
