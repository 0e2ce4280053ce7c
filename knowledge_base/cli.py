"""Commands of the knowledge base: `./manage kb …`."""

from __future__ import annotations

import importlib
import json
import re
import time
from pathlib import Path

import click
from flask.cli import AppGroup

from config.errors import HotlineError
from knowledge_base import queries
from knowledge_base import search as finder
from knowledge_base.collecting import answering, files_below, follow, report, start_import
from knowledge_base.evaluation import BadQuestion, Measured, measure, read_questions
from knowledge_base.search import meaning
from knowledge_base.services.importing import ask_to_undo
from knowledge_base.words import ItemKind

kb = AppGroup("kb", help="The knowledge base and its search index.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@kb.command("reindex")
def reindex() -> None:
    """Make this machine's search index anew, beside the live one, and swap it in."""
    began = time.perf_counter()
    reader = finder.current_follower().rebuild()
    click.echo(f"{reader.passage_count()} passages in {time.perf_counter() - began:.1f} s")
    if meaning.is_on():
        began = time.perf_counter()
        finder.current_follower().catch_up_meanings()
        click.echo(f"what they mean in {time.perf_counter() - began:.1f} s")


@kb.command("search")
@click.argument("query")
@click.option("--limit", default=10, show_default=True, help="How many hits.")
@click.option("--explain", is_flag=True, help="What each score is made of.")
def search(query: str, limit: int, explain: bool) -> None:
    """Search as an agent does, with the score of every hit."""
    finder.current_follower().catch_up()
    began = time.perf_counter()
    answer = finder.ask(query, limit)
    took = (time.perf_counter() - began) * 1000
    for hit in answer.hits:
        where = " › ".join(part for part in (hit.title, hit.heading) if part)
        click.echo(f"{hit.score:7.2f}  {hit.item_no}  {where}  [{hit.department}]")
        click.echo(f"         {' '.join(hit.answer.split())[:120]}")
        if explain:
            click.echo(
                "         " + "  ".join(f"{name} {part:.2f}" for name, part in hit.parts.items() if part)
            )
    if answer.suggestion:
        click.echo(f"did you mean: {answer.suggestion}")
    click.echo(f"{len(answer.hits)} hits in {took:.1f} ms")


@kb.command("evaluate")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines to read.")
@click.option("--repeats", default=1, show_default=True, help="Ask so often; the quickest counts.")
def evaluate(file: Path, as_json: bool, repeats: int) -> None:
    """Ask the questions of FILE.jsonl and tell how often their answer is found, and how fast.

    A passage answers if its text or the headings above it contain `answer`, white space, width and case aside.
    """
    try:
        questions = read_questions(file.read_text(encoding="utf-8-sig").splitlines())
    except (BadQuestion, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    if not questions:
        raise click.ClickException(f"{file.name}: there is no question in it")
    finder.current_follower().catch_up()  # which is nobody's question, and after a large import takes a while
    finder.current_follower().catch_up_meanings()
    finder.search(questions[0].question)
    measured = measure(questions, finder.search, repeats)
    if as_json:
        click.echo(json.dumps(measured.figures()))
    else:
        tell(measured)


@kb.command("bench")
@click.option("--engine", type=click.Choice(["whoosh", "tantivy"]), default="whoosh", show_default=True)
@click.option(
    "--passages", "sizes", multiple=True, type=int, help="Stocks, smallest first; 1k, 10k and 100k."
)
@click.option("--documents", type=_FOLDER, help="Documents (.md, .txt) the stock is filled with first.")
@click.option("--questions", type=_FILE, multiple=True, help="Question files; else those of the test suite.")
@click.option("--repeats", default=3, show_default=True, help="Ask so often; the quickest counts.")
def bench(
    engine: str, sizes: tuple[int, ...], documents: Path | None, questions: tuple[Path, ...], repeats: int
) -> None:
    """Evaluate on stocks of 1,000, 10,000 and 100,000 passages, in a database made for it and thrown away."""
    measure_stocks = importlib.import_module("bench.knowledge").measure_stocks  # no part of the service
    measure_stocks(engine, sizes or (1_000, 10_000, 100_000), documents, questions, repeats)


def tell(measured: Measured) -> None:
    """The figures and the misses, for people."""
    figures = measured.figures()
    click.echo(
        f"{len(measured.ranks)} questions: hit@1 {figures['hit1']:.3f}  hit@5 {figures['hit5']:.3f}"
        f"  MRR@10 {figures['mrr10']:.3f}  p50 {figures['p50_ms']:.1f} ms  p95 {figures['p95_ms']:.1f} ms"
    )
    misses = measured.misses()
    if misses:
        click.echo("not among the first five:")
    for asked in misses:
        click.echo(f"  {asked.question}  →  {asked.answer}")


@kb.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--publish", is_flag=True, help="Enter and publish what is recognised; without it, people decide."
)
@click.option(
    "--by", "login", default="", help="Login of who answers for it; default: the command line itself."
)
@click.option("--department", "code", default="", help="On whose shelf; default: the first of the tree.")
@click.option("--kind", type=click.Choice([k.value for k in ItemKind]), help="What all of them are.")
@click.option("--region", default="", help="Where they hold, if they do not say.")
def import_files(
    paths: tuple[Path, ...], publish: bool, login: str, code: str, kind: str | None, region: str
) -> None:
    """Import files, or whole folders: txt, md, html, docx, pdf, xlsx, zip.

    A file that cannot be read is named and leaves the others alone; it is a failure if that befell all of them.
    """
    began = time.perf_counter()
    try:
        batch = start_import(
            list(files_below(paths)), login, code, publish, ItemKind(kind) if kind else None, region
        )
        follow(batch)
    except HotlineError as error:
        raise click.ClickException(error.message) from error
    except OSError as error:
        raise click.ClickException(str(error)) from error
    taken = report(batch)
    click.echo(f"{time.perf_counter() - began:.1f} s")
    if not taken:
        raise click.ClickException("none of the files could be read")


@kb.command("resume-import")
@click.argument("number")
def resume_import(number: str) -> None:
    """Go on with the import NUMBER (I000012), which was interrupted; it is shown if a worker has it already."""
    key = _import_key(number)
    try:
        queries.import_batch(key)
        follow(key)
    except HotlineError as error:
        raise click.ClickException(error.message) from error
    report(key)


@kb.command("undo-import")
@click.argument("number")
@click.option(
    "--by", "login", default="", help="Login of who answers for it; default: the command line itself."
)
def undo_import(number: str, login: str) -> None:
    """Take the import NUMBER (I000012) back: what nobody changed since goes."""
    key = _import_key(number)
    try:
        batch = ask_to_undo(answering(login), key)
        follow(batch.id)
    except HotlineError as error:
        raise click.ClickException(error.message) from error
    report(batch.id)


def _import_key(number: str) -> int:
    """What people call it → its key."""
    named = re.fullmatch(r"[Ii]?(\d{1,18})", number, re.ASCII)
    if named is None:
        raise click.ClickException(f"{number} is no import")
    return int(named[1])
