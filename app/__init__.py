"""Puts the packages together: factory, command line, and the pages that mix packages."""

from app.factory import create_app

__all__ = ["create_app"]
