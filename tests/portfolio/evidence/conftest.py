"""A learner and an empty portfolio that wants a document and a sheet."""

import pytest

from accounts.models import Person
from portfolio.composing.models import Portfolio
from tests.factories import Factory, sample_definition
from tests.portfolio.evidence import made_files as made


@pytest.fixture
def learner(make: Factory) -> Person:
    return make.person(made.NAME)


@pytest.fixture
def portfolio(make: Factory, learner: Person) -> Portfolio:
    edition = make.edition(sample_definition(evidence_requirements=made.WANTED))
    return make.portfolio(learner, edition, is_complete=False)
