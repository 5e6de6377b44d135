"""PPTX to one page a slide: title, lists, tables, charts, descriptions of pictures, notes; by python-pptx."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pptx
from pptx.exc import PythonPptxError

from knowledge.merged_cells import Merged, unmerged
from knowledge.tables import rows_as_text
from knowledge.xml_parts import XMLError, damaged, named, parse_xml

_BROKEN = (
    PythonPptxError, XMLError, ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError,
    EOFError, OSError, NotImplementedError, zlib.error, zipfile.BadZipFile,
)  # fmt: skip
#: Groups in groups deeper than this are drawings.
_DEEPEST = 12


def read_pptx(path: Path, title: str) -> list[str]:
    """Return the text of each slide in order.

    Raises:
        DocumentRefused: it cannot be opened as a presentation.
    """
    try:
        slides = pptx.Presentation(str(path)).slides
        return [_slide(slide, number) for number, slide in enumerate(slides, start=1)]
    except _BROKEN as error:
        raise damaged(title, error) from error


def _slide(slide: Any, number: int) -> str:
    titled = slide.shapes.title
    name = " ".join(titled.text_frame.text.split()) if titled is not None and titled.has_text_frame else ""
    hidden = " (hidden slide)" if slide._element.get("show") == "0" else ""
    parts = [f"# {name or f'Slide {number}'}{hidden}"]
    for shape in slide.shapes:
        if titled is None or shape.shape_id != titled.shape_id:
            parts += _shape(shape, 0)
    parts += _diagrams(slide)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text.strip()
        parts += [f"Notes: {notes}"] if notes else []
    return "\n\n".join(part for part in parts if part)


def _shape(shape: Any, depth: int) -> Iterator[str]:
    if hasattr(shape, "shapes"):
        if depth < _DEEPEST:
            for one in shape.shapes:
                yield from _shape(one, depth + 1)
    elif getattr(shape, "has_table", False):
        yield _table(shape.table)
    elif getattr(shape, "has_chart", False):
        yield _chart(shape.chart)
    elif shape.has_text_frame:
        yield _paragraphs(shape)
    else:
        described = [one.get("descr") for one in named(shape._element, "cNvPr") if one.get("descr")]
        yield f"Picture: {' '.join(described[0].split())}" if described else ""


def _table(table: Any) -> str:
    rows: list[list[str]] = []
    merged: list[Merged] = []
    for at, row in enumerate(table.rows):
        rows.append([])
        for column, cell in enumerate(row.cells):
            rows[-1].append("" if cell.is_spanned else " ".join(cell.text.split()))
            if cell.is_merge_origin:
                merged.append(Merged(at, column, cell.span_height, cell.span_width))
    return rows_as_text(unmerged(rows, merged))


def _paragraphs(shape: Any) -> str:
    """A box's paragraphs: a list where it has several, or levels."""
    found = [(one.level, " ".join(one.text.split())) for one in shape.text_frame.paragraphs]
    found = [(level, text) for level, text in found if text]
    if shape.is_placeholder and len(found) > 1 or any(level for level, _ in found):
        return "\n".join(f"{'  ' * level}- {text}" for level, text in found)
    return "\n".join(text for _, text in found)


def _chart(chart: Any) -> str:
    """A chart's title, and its values as rows: one a category."""
    name = chart.chart_title.text_frame.text if chart.has_title and chart.chart_title.has_text_frame else ""
    rows: list[list[str]] = []
    for plot in chart.plots:
        series = list(plot.series)
        names = [" ".join(str(one.name).split()) for one in series]
        categories = [str(one) for one in plot.categories]
        values = [list(one.values) for one in series]
        rows.append(["Category", *names])
        for at, category in enumerate(categories):
            rows.append([category, *(_value(one, at) for one in values)])
    return "\n".join(
        part for part in (f"Chart: {' '.join(name.split())}" if name else "Chart:", rows_as_text(rows)) if part
    )


def _value(values: list[Any], at: int) -> str:
    found = values[at] if at < len(values) else None
    return "" if found is None else f"{found:.10g}" if isinstance(found, float) else str(found)


def _diagrams(slide: Any) -> Iterator[str]:
    """The words of SmartArt, which lie in parts of their own."""
    for one in slide.part.rels.values():
        if not one.is_external and one.reltype.endswith("/diagramData"):
            root = parse_xml(one.target_part.blob, "diagram")
            yield "\n".join(f"- {text}" for text in (_joined(p) for p in named(root, "p")) if text)


def _joined(paragraph: Any) -> str:
    return " ".join("".join(one.text or "" for one in named(paragraph, "t")).split())
