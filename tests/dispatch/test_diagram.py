"""The page of the workflow is the table."""

from __future__ import annotations

from config.settings import ROOT
from dispatch.workflow import Action, CaseState, diagram


def test_the_page_in_docs_is_up_to_date():
    assert (ROOT / "docs" / "workflow.md").read_text() == diagram.page()


def test_the_picture_shows_every_state_and_the_page_every_action():
    assert all(state.value in diagram.mermaid() for state in CaseState)
    assert all(f"`{action.value}`" in diagram.page() for action in Action)


def test_the_command_prints_the_picture_and_checks_the_page(app):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["cases", "diagram"]).output == diagram.mermaid()
    assert runner.invoke(args=["cases", "diagram", "--check"]).exit_code == 0
