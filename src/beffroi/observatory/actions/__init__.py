"""Writes of the observatory: runs that are kept, texts that are classed."""

from beffroi.observatory.actions.portfolios import (
    classify_portfolio,
    correct_text,
    decide_labels,
    open_portfolio,
    remove_portfolio,
)
from beffroi.observatory.actions.runs import keep_run

__all__ = [
    "classify_portfolio",
    "correct_text",
    "decide_labels",
    "keep_run",
    "open_portfolio",
    "remove_portfolio",
]
