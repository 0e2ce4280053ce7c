"""Commands of the knowledge base: `./manage kb …`."""

from __future__ import annotations

import time

import click
from flask.cli import AppGroup

from knowledge_base import search as finder

kb = AppGroup("kb", help="The knowledge base and its search index.")


@kb.command("reindex")
def reindex() -> None:
    """Make this machine's search index anew, beside the live one, and swap it in."""
    began = time.perf_counter()
    reader = finder.current_follower().rebuild()
    click.echo(f"{reader.passage_count()} passages in {time.perf_counter() - began:.1f} s")


@kb.command("search")
@click.argument("query")
@click.option("--limit", default=10, show_default=True, help="How many hits.")
def search(query: str, limit: int) -> None:
    """Search as an agent does, with the score of every hit."""
    began = time.perf_counter()
    hits = finder.search(query, limit)
    took = (time.perf_counter() - began) * 1000
    for hit in hits:
        where = " › ".join(part for part in (hit.title, hit.heading) if part)
        click.echo(f"{hit.score:7.2f}  {hit.item_no}  {where}  [{hit.department}]")
        click.echo(f"         {' '.join(hit.answer.split())[:120]}")
    click.echo(f"{len(hits)} hits in {took:.1f} ms")
