"""Every room's views, in the order a portfolio travels."""

from flask import Blueprint

from accounts.views import blueprint as accounts
from portfolio.composing.views import blueprint as composing
from portfolio.submission.views import blueprint as submission

BLUEPRINTS: tuple[Blueprint, ...] = (accounts, composing, submission)
