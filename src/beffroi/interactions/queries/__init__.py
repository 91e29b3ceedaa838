from beffroi.interactions.queries.answers import of_answers
from beffroi.interactions.queries.coverage import of_coverage
from beffroi.interactions.queries.starter import of_starter, of_survival
from beffroi.provenance.queries.evidence import Question

COUNTED: dict[str, Question] = {
    "answers": of_answers,
    "coverage": of_coverage,
    "starter": of_starter,
    "survival": of_survival,
}
