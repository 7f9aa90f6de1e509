"""Every room's views, in the order a portfolio travels."""

from flask import Blueprint

from accounts.views import blueprint as accounts

BLUEPRINTS: tuple[Blueprint, ...] = (accounts,)
